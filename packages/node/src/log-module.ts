import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";

export interface LogModule {
  name: string;
  versions: string[];
  /** Changes what the package exports; an ES module's namespace is unpacked. */
  patch?: (exported: unknown) => void;
  /** Changes what one of its files exports. */
  files?: Readonly<Record<string, (exported: unknown) => unknown>>;
}

/** Changes a logger's package when it is loaded, after upstream's instrumentation, which writes the ids into its lines. */
export function patchLogModule({ name, versions, patch, files = {} }: LogModule): void {
  const definition = new InstrumentationNodeModuleDefinition(
    name,
    versions,
    (exported: { default?: unknown; [Symbol.toStringTag]?: string }) => {
      patch?.(exported[Symbol.toStringTag] === "Module" ? exported.default : exported);
      return exported;
    },
    undefined,
    Object.entries(files).map(
      ([file, change]) =>
        new InstrumentationNodeModuleFile(file, versions, change, () => undefined),
    ),
  );
  class LogModulePatch extends InstrumentationBase {
    // Called by the base's constructor, so that it cannot be a field.
    protected init(): InstrumentationNodeModuleDefinition[] {
      return [definition];
    }
  }
  const made = new LogModulePatch("@assay/node", "0.1.0", {});
  made.enable();
}
