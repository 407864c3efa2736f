import { expect, test } from "vitest";
import { readVersion } from "../src/client-version.ts";

test.each([
  ["5.12.3", "5.12.3", "5.12"],
  ["v2.0", "2.0", "2.0"],
  ["2024.11.5", "2024.11.5", "2024.11"],
  ["1.4.0-beta.2", "1.4.0-beta.2", "1.4"],
  ["1.4.0-RC1+412", "1.4.0-RC1+412", "1.4"],
])("%s is the version %s and counts as %s", (given, version, minor) => {
  expect(readVersion(given)).toEqual({ version, minor });
});

test.each([
  "",
  "5",
  "latest",
  "5.12.3 (iPhone of Jane)",
  "5.12.3-jane",
  "jane@example.com",
  "203.0.113.7",
  "0712.345.678",
  "25471.2345.67890",
  "4111.1111.1111",
  "1.2.3\n1.2.3",
  `1.${"0".repeat(60)}`,
])("%j is no version", (given) => {
  expect(readVersion(given)).toBeUndefined();
});
