import { writeFileSync } from "node:fs";

/** What the application's process tells the doctor. */
export interface Probed {
  /** What the line at the start is made of; absent when Assay did not start. */
  facts?: Record<string, unknown>;
  isListening: boolean;
  /** Files of the copies of the API that were loaded. */
  loadedApis: string[];
  disabled: boolean;
}

const FACTS = Symbol.for("assay.node.facts");
const EVERY_MS = 100;
const SETTLED_MS = 1_500;

const file = process.env["ASSAY_DOCTOR_FILE"];
// Of the processes that the application starts none is asked.
delete process.env["ASSAY_DOCTOR_FILE"];
if (file !== undefined) probe(file);

function probe(path: string): void {
  const isListening = (): boolean => process.getActiveResourcesInfo().includes("TCPServerWrap");
  let wasListening = false;
  const tell = (): void => {
    wasListening ||= isListening();
    const facts = (globalThis as { [FACTS]?: () => Record<string, unknown> })[FACTS];
    const told: Probed = {
      ...(facts === undefined ? {} : { facts: facts() }),
      isListening: wasListening,
      loadedApis: Object.keys(require.cache).filter((name) =>
        /[\\/]@opentelemetry[\\/]api[\\/].*[\\/]index\.c?js$/.test(name),
      ),
      disabled: process.env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true",
    };
    writeFileSync(path, JSON.stringify(told));
  };
  process.on("exit", tell);
  const began = performance.now();
  const timer = setInterval(() => {
    if (!isListening() || performance.now() - began < SETTLED_MS) return;
    tell();
    clearInterval(timer);
  }, EVERY_MS);
  timer.unref();
}
