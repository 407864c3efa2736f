import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "oxfmt";
import { lint } from "./lint.mts";
import { readRegistry, type Registry } from "./registry.mts";
import { upstreamNames } from "./upstream.mts";
import { constantFiles, HEAD } from "./write-constants.mts";
import { documents, type PrometheusName } from "./write-docs.mts";
import { instruments } from "./write-instruments.mts";
import { labels } from "./write-labels.mts";
import { severities } from "./write-severities.mts";
import { collectorBlocks, dataClasses, keyPolicy, replaceBlock } from "./write-policy.mts";
import { attributeTypes } from "./write-types.mts";

export interface Outputs {
  registry: Registry;
  /** Text of every generated file, by its path from the root of the repository. */
  files: Map<string, string>;
}

/** Generates every output of a repository in memory; throws one error with a sentence a line when the registry is wrong. */
export async function outputs(root: string, prometheusName: PrometheusName): Promise<Outputs> {
  const registry = readRegistry(join(root, "packages/semconv/registry"));
  const problems = lint(registry, upstreamNames());
  if (problems.length > 0) throw new Error(problems.join("\n"));

  const files = new Map<string, string>();
  const generated = "packages/semconv/src/generated";
  const constants = constantFiles(registry);
  // As CommonJS and as ES modules: the same text twice, because a bundler leaves nothing out of CommonJS.
  for (const extension of ["ts", "mts"]) {
    for (const [name, texts] of constants) {
      files.set(`${generated}/${name}.${extension}`, `${HEAD}\n${texts.join("\n")}`);
    }
    files.set(`${generated}/instruments.${extension}`, instruments(registry));
    files.set(`${generated}/labels.${extension}`, labels(registry));
    files.set(`${generated}/schema-url.${extension}`, urlFile(registry));
    files.set(`${generated}/severities.${extension}`, severities(registry));
    const index = `packages/semconv/src/index.${extension}`;
    const names = [...constants.keys(), "instruments", "schema-url", "severities"].toSorted();
    const block = names.map((name) => `export * from "./generated/${name}.${extension}";\n`);
    files.set(
      index,
      replaceBlock(readFileSync(join(root, index), "utf8"), "namespaces", block.join("")),
    );
  }
  files.set(`${generated}/attribute-types.ts`, attributeTypes(registry));
  files.set("packages/semconv/resolved.json", resolved(registry));
  for (const [name, text] of documents(registry, prometheusName))
    files.set(`packages/semconv/docs/${name}`, text);
  const classes = dataClasses(registry);
  files.set("packages/redaction/src/generated/key-policy.ts", keyPolicy(classes));
  const collector = "collector/contrib.yaml";
  let text = readFileSync(join(root, collector), "utf8");
  for (const [name, block] of collectorBlocks(classes)) text = replaceBlock(text, name, block);
  files.set(collector, text);
  for (const [path, unformatted] of files) files.set(path, await formatted(path, unformatted));
  return { registry, files };
}

function urlFile({ schemaUrl: url }: Registry): string {
  return `${HEAD}\n/** Schema URL of these conventions, for a tracer, a meter or a logger. */\nexport const SCHEMA_URL = ${JSON.stringify(url)} as const;\n`;
}

/** `resolved.json`: the registry with every reference and group followed, for other programs. */
function resolved({
  schemaUrl,
  attributes,
  imports,
  metrics,
  spans,
  events,
  thresholds,
  severities: ofErrors,
  categories,
  upstream,
}: Registry): string {
  const signals = { attributes, imports, metrics, spans, events, thresholds, upstream };
  const errors = { severities: ofErrors, categories };
  return `${JSON.stringify({ file_format: "assay/resolved/1", schema_url: schemaUrl, ...signals, errors })}\n`;
}

async function formatted(path: string, text: string): Promise<string> {
  const { code, errors } = await format(path, text, { printWidth: 100 });
  if (errors.length > 0)
    throw new Error(`${path} could not be formatted: ${JSON.stringify(errors)}`);
  return code;
}

/** Paths of the outputs that are not what the repository has. */
export function differences(root: string, { files }: Outputs): string[] {
  return [...files.keys()].filter((path) => {
    const absolute = join(root, path);
    return !existsSync(absolute) || readFileSync(absolute, "utf8") !== files.get(path);
  });
}

/** One line that says how much the registry holds. */
export function counts({
  registry: { attributes, metrics, spans, events, upstream },
}: Outputs): string {
  const denied = attributes.filter((attribute) => attribute.denied).length;
  const refined = metrics.filter(({ refines }) => refines !== undefined).length;
  return `${attributes.length - denied} attributes, each on a signal, and ${denied} deny entries; ${metrics.length} metrics (${refined} of OpenTelemetry with our buckets), ${spans.length} spans, ${events.length} events; ${upstream.length} attributes of OpenTelemetry with a class`;
}
