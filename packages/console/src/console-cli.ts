#!/usr/bin/env node
import { ConsoleError } from "./console-error.ts";
import { startConsole, type AssayConsole } from "./console.ts";
import { renderReport } from "./render-report.ts";
import { colourWanted } from "./terminal.ts";

const DEFAULT_PORT = 4318;
const SETTLE_MS = 300;

function main(): void {
  let redraw = (): void => {};
  startConsole({ port: portFrom(process.env["ASSAY_CONSOLE_PORT"]), onChange: () => redraw() })
    .then((assay) => {
      redraw = draws(assay);
      process.stdout.write(
        `Assay console listens on ${assay.url}; Ctrl-C ends it.\n` +
          `  OTEL_EXPORTER_OTLP_ENDPOINT=${assay.url}\n  SENTRY_DSN=${assay.dsn}\n`,
      );
      const end = (): void => void assay.close().then(() => process.exit(0));
      process.once("SIGINT", end);
      process.once("SIGTERM", end);
      // The reader went away, as in `assay-console | head`.
      process.stdout.once("error", end);
    })
    .catch((error: unknown) => {
      process.stderr.write(`${sentence(error)}\n`);
      process.exitCode = 1;
    });
}

function portFrom(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  process.stderr.write(
    `ASSAY_CONSOLE_PORT is ${JSON.stringify(text)}; use a whole number from 0 to 65535. ${DEFAULT_PORT} is used.\n`,
  );
  return DEFAULT_PORT;
}

function sentence(error: unknown): string {
  if (error instanceof ConsoleError && error.code === "ASSAY_CONSOLE_PORT_IN_USE") {
    const port = process.env["ASSAY_CONSOLE_PORT"] || DEFAULT_PORT;
    return `Port ${port} is in use; set ASSAY_CONSOLE_PORT to a free port, for example ASSAY_CONSOLE_PORT=${Number(port) + 1}, or to 0 for any.`;
  }
  return error instanceof Error ? error.message : String(error);
}

// Draws a moment after the first change and takes in those that follow until then, so that a busy
// application is drawn a few times a second and no more.
function draws(assay: AssayConsole): () => void {
  let timer: NodeJS.Timeout | undefined;
  const { stdout, env } = process;
  const canClear = stdout.isTTY && env["TERM"] !== "dumb";
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      const report = renderReport(assay.store, {
        colour: colourWanted(stdout, env),
        width: stdout.columns ?? 100,
      });
      stdout.write(`${canClear ? "\u001B[2J\u001B[H" : "\n"}${report}\n`);
    }, SETTLE_MS);
  };
}

main();
