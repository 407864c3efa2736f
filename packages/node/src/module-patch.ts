import {
  InstrumentationBase,
  type InstrumentationModuleDefinition,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";

/** A module, and what is done to its exports when it is loaded, from CommonJS or from an ES module. */
export interface ModulePatch {
  name: string;
  /** Of the versions that the patch is for. */
  versions: string;
  /** A file of the module; its exports are given, and not the module's. */
  file?: string;
  patch: (exports: never) => void;
}

/** Sees to it that a module is patched. Upstream's base class knows all the ways in which one is loaded. */
export function patchModule({ name, versions, file, patch }: ModulePatch): void {
  const change = (exports: unknown): unknown => {
    patch(exports as never);
    return exports;
  };
  const definition: InstrumentationModuleDefinition =
    file === undefined
      ? new InstrumentationNodeModuleDefinition(name, [versions], change)
      : new InstrumentationNodeModuleDefinition(name, [versions], undefined, undefined, [
          new InstrumentationNodeModuleFile(file, [versions], change, () => {}),
        ]);
  class Patch extends InstrumentationBase {
    protected override init(): InstrumentationModuleDefinition {
      return definition;
    }
  }
  void new Patch(`@assay/node/${name}`, "0.1.0", {});
}
