import { installed } from "./installed.ts";

// `npm run bench -- install-size`: what an application's node_modules holds with Assay and with upstream.
const APPLICATION = {
  express: "5.3.0",
  fastify: "5.12.8",
  pino: "10.3.1",
  pg: "8.23.1",
  "@opentelemetry/api": "1.10.0",
};
const NODE = ["node"];
const ALL = ["node", "otlp", "redaction", "semconv", "sentry", "console", "finance"];

const contenders = [
  { name: "the application alone", assay: [], others: {} },
  { name: "with @assay/node", assay: NODE, others: {} },
  { name: "with each package of Assay", assay: ALL, others: {} },
  {
    name: "with upstream's register 0.82",
    assay: [],
    others: { "@opentelemetry/auto-instrumentations-node": "0.82.0" },
  },
];

console.log("".padEnd(32) + ["packages", "MB", "added MB", "copies"].map(wide).join(""));
let alone: number | undefined;
for (const { name, assay, others } of contenders) {
  const { packages, bytes, copies } = installed(assay, { ...APPLICATION, ...others });
  alone ??= bytes;
  const cells = [
    packages,
    megabytes(bytes),
    megabytes(bytes - alone),
    Math.max(...copies.values()),
  ];
  console.log(name.padEnd(32) + cells.map((cell) => wide(String(cell))).join(""));
}
console.log("\nCopies: how often the OpenTelemetry package that is there most often is there.");

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function wide(cell: string): string {
  return cell.padStart(12);
}
