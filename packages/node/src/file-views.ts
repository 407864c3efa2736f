import { INSTRUMENTS } from "@assay/semconv/instruments";
import type { ViewConfigModel } from "@opentelemetry/configuration";
import type { FileReader } from "./config-file.ts";
import type { DeclaredView } from "./declared.ts";
import { touchAll } from "./file-exporter.ts";

/** Reads views; one that cannot be used is told. */
export function readViews(views: readonly ViewConfigModel[], file: FileReader): void {
  for (const [index, view] of views.entries()) {
    const at = `meter_provider.views[${index}]`;
    const fault = faultOf(view);
    if (fault === undefined) file.declared.views.push(readView(view));
    else {
      touchAll(view);
      file.warn(at, `is not used: ${fault}.`);
    }
  }
}

function faultOf({ selector, stream }: ViewConfigModel): string | undefined {
  const { instrument_name: name = "*" } = selector;
  const isPattern = name?.includes("*") ?? true;
  if (isPattern) {
    const pattern = patternOf(name ?? "*");
    const own = INSTRUMENTS.find((instrument) => pattern.test(instrument.name));
    // It would make a second metric of it, with labels that the registry does not give it.
    if (own !== undefined) {
      return `it selects ${own.name} of Assay's registry, too; use the whole name of one instrument`;
    }
    if (stream.name) return "it names what may be many instruments; use the whole name of one";
  }
  const keys = [
    ...(stream.attribute_keys?.included ?? []),
    ...(stream.attribute_keys?.excluded ?? []),
  ];
  const wild = keys.find((key) => /[*?]/.test(key));
  if (wild !== undefined) return `attribute_keys has ${JSON.stringify(wild)}; use whole names`;
  return undefined;
}

// As the SDK reads it: only the first star is one.
function patternOf(name: string): RegExp {
  const literal = name.replaceAll(/[\^$\\.+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replace("*", ".*")}$`);
}

function readView({ selector, stream }: ViewConfigModel): DeclaredView {
  const { included, excluded } = stream.attribute_keys ?? {};
  const given = {
    instrumentName: selector.instrument_name,
    instrumentType: selector.instrument_type?.toUpperCase(),
    instrumentUnit: selector.unit,
    meterName: selector.meter_name,
    meterVersion: selector.meter_version,
    meterSchemaUrl: selector.meter_schema_url,
    name: stream.name,
    description: stream.description,
    aggregation: aggregationOf(stream.aggregation),
    cardinality: stream.aggregation_cardinality_limit,
    included: included && included.length > 0 ? [...included] : undefined,
    excluded: excluded && excluded.length > 0 ? [...excluded] : undefined,
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(set);
}

function aggregationOf(
  aggregation: ViewConfigModel["stream"]["aggregation"],
): DeclaredView["aggregation"] {
  const [kind] = Object.keys(aggregation ?? {});
  if (aggregation === undefined || kind === undefined) return undefined;
  const settings = aggregation[kind as keyof typeof aggregation] ?? {};
  const {
    boundaries,
    record_min_max: recordMinMax,
    max_size: maxSize,
  } = settings as {
    boundaries?: number[];
    record_min_max?: boolean | null;
    max_size?: number | null;
  };
  return {
    kind,
    ...(boundaries === undefined ? {} : { boundaries: [...boundaries] }),
    ...(recordMinMax == null ? {} : { recordMinMax }),
    ...(maxSize == null ? {} : { maxSize }),
  };
}
