import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_RESOURCE_ATTRIBUTES are on every signal, beside what Assay finds; none by default", async () => {
  const [given, byDefault] = await Promise.all([
    sent({ env: { OTEL_RESOURCE_ATTRIBUTES: "team=pay%2Cments,service.version=1.2" } }),
    sent(),
  ]);
  const teams = [given, byDefault].map(({ spans, logs, metrics }) =>
    [...spans, ...logs, ...metrics].map(({ resource }) => resource["team"]),
  );
  expect(new Set(teams[0])).toEqual(new Set(["pay,ments"]));
  expect(new Set(teams[1])).toEqual(new Set([undefined]));
  expect(given.spans[0]?.resource).toMatchObject({
    "service.name": "fixture",
    "service.version": "1.2",
    "telemetry.distro.name": "assay",
  });
});

test("a wrong OTEL_RESOURCE_ATTRIBUTES is one sentence", async () => {
  expect(await told("OTEL_RESOURCE_ATTRIBUTES", "team")).toEqual(
    once(
      'OTEL_RESOURCE_ATTRIBUTES is "team"; use key=value pairs separated by commas, up to 255 characters each, with commas, equals signs and % in a value percent-encoded. It is ignored.',
    ),
  );
});
