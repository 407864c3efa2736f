import { createSocket } from "node:dgram";
import { once } from "node:events";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createLookup } from "../src/lookup.ts";

test("a name server that does not answer ends the lookup, and a name of this host needs none", async () => {
  const silent = createSocket("udp4").bind(0, "127.0.0.1");
  await once(silent, "listening");
  let asked = 0;
  silent.on("message", () => (asked += 1));
  const { port } = silent.address();
  const lookup = promisify(createLookup({ servers: [`127.0.0.1:${port}`] }));
  try {
    await expect(lookup("collector.example.test", {})).rejects.toMatchObject({ code: "ETIMEOUT" });
    expect(asked).toBe(1);
    await expect(lookup("localhost", { family: 4 })).resolves.toBeDefined();
    expect(asked).toBe(1);
  } finally {
    silent.close();
  }
});
