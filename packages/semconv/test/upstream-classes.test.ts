import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as incubating from "@opentelemetry/semantic-conventions/incubating";
import * as stable from "@opentelemetry/semantic-conventions";
import { expect, test } from "vitest";
import { parse } from "yaml";

interface Entry {
  key: string;
  class: string;
  action: string;
  prefix?: true;
}

const { attributes } = parse(
  readFileSync(join(__dirname, "../registry/upstream.yaml"), "utf8"),
) as { attributes: Entry[] };
const byKey = new Map(attributes.map((entry) => [entry.key, entry]));

function keysThat(matches: (entry: Entry) => boolean): string[] {
  return attributes.filter(matches).map(({ key }) => key);
}

test("every attribute that OpenTelemetry's package exports has one class, and nothing else has", () => {
  const exported = new Set<string>();
  for (const [name, value] of Object.entries({ ...stable, ...incubating })) {
    if (!name.startsWith("ATTR_")) continue;
    if (typeof value === "string") exported.add(value);
    else exported.add(`${(value as (key: string) => string)("").replace(/\.$/, "")}.*`);
  }
  const classified = attributes.map(({ key, prefix }) => (prefix ? `${key}.*` : key));
  expect(classified.toSorted()).toEqual([...exported].toSorted());

  const counts = new Map<string, number>();
  for (const entry of attributes) {
    const kind = `${entry.class} ${entry.action}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const told = [...counts].map(([kind, count]) => `${kind} ${count}`);
  process.stdout.write(`${attributes.length} attributes of OpenTelemetry: ${told.join(", ")}\n`);
});

test("nothing about a person or of a credential is left as it is, and all that is removed is confidential", () => {
  expect(
    keysThat(
      (entry) =>
        /^(?:pii|credential|pci_)/.test(entry.class) &&
        !/^(?:remove|mask|hash)$/.test(entry.action),
    ),
  ).toEqual([]);
  expect(keysThat(({ class: is, action }) => is === "confidential" && action === "keep")).toEqual(
    [],
  );
  expect(
    keysThat(
      ({ class: is, action }) =>
        !/^(?:keep|scan|numeric_id)$/.test(action) && /^(?:public|internal)$/.test(is),
    ),
  ).toEqual([]);
});

test.each([
  ["http.request.method", "public", "keep"],
  ["http.response.status_code", "public", "keep"],
  ["http.route", "public", "scan"],
  ["cloud.account.id", "internal", "numeric_id"],
  ["http.request.header", "confidential", "scan"],
  ["http.request.body.content", "confidential", "remove"],
  ["rpc.request.header", "confidential", "scan"],
  ["url.query", "confidential", "scan"],
  ["url.full", "confidential", "scan"],
  ["browser.document.url.full", "confidential", "scan"],
  ["db.query.text", "confidential", "scan"],
  ["db.query.parameter", "confidential", "remove"],
  ["db.connection_string", "credential", "remove"],
  ["exception.message", "confidential", "scan"],
  ["exception.stacktrace", "confidential", "scan"],
  ["process.command_args", "credential", "remove"],
  ["process.environment_variable", "credential", "remove"],
  ["gen_ai.input.messages", "confidential", "remove"],
  ["gen_ai.usage.input_tokens", "public", "keep"],
  ["messaging.kafka.message.key", "confidential", "scan"],
  ["messaging.kafka.message.offset", "public", "keep"],
  ["user.email", "pii", "remove"],
  ["user.id", "pii", "hash"],
  ["enduser.id", "pii", "hash"],
  ["session.id", "confidential", "scan"],
  ["mcp.session.id", "confidential", "hash"],
  ["client.address", "confidential", "scan"],
  ["network.peer.address", "confidential", "scan"],
  ["server.address", "internal", "scan"],
  ["device.id", "pii", "hash"],
  ["geo.location.lat", "pii", "remove"],
  ["geo.country.iso_code", "internal", "keep"],
  ["k8s.pod.uid", "internal", "keep"],
  ["k8s.pod.annotation", "internal", "scan"],
])("%s is %s: %s", (key, dataClass, action) => {
  expect(byKey.get(key)).toMatchObject({ class: dataClass, action });
});

test("no text that a caller chooses is kept unread", () => {
  const kept = keysThat(({ action }) => action === "keep");
  expect(
    kept.filter((key) =>
      /(?:message|text|query|path|url|title|description|header|body\.content|email|name_original)$/.test(
        key,
      ),
    ),
  ).toEqual([]);
});
