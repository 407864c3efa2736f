import { readConfig, allVariables, type Config } from "./config.ts";
import { runCanary } from "./doctor-canary.ts";
import { clockOffset, sendSpan, tracesUrl } from "./doctor-otlp.ts";
import type { Run } from "./doctor-run.ts";
import { type Copy, copiesIn } from "./doctor-tree.ts";
import { seesImports } from "./hooks.ts";

/** What one check found; `do` says what to do about it. */
export interface Finding {
  check: string;
  status: "ok" | "warning" | "failed" | "skipped";
  found: string;
  do?: string;
}

/** A setting as the process has it, and where it is from. */
export interface Setting {
  name: string;
  value: string;
  source: "default" | "environment" | "file" | "default, the environment's is wrong";
}

/** What the checks are about. */
export interface Patient {
  config: Config;
  /** What was said of wrong values. */
  sentences: string[];
  settings: Setting[];
  copies: Copy[];
  run: Run;
  /** What `/metrics` answered while the application ran; absent when it was not asked. */
  metrics?: { url: string; status: number | undefined; series: number };
  cwd: string;
}

type Check = (patient: Patient) => Finding[] | Promise<Finding[]>;

const SUPPORTED = "22.22.3, 24.11.1 or 26, or newer";
const CLOCK_S = 5;
const ANSWER_MS = 5_000;

/** The checks by name, in the order in which they are told. */
export const CHECKS: Readonly<Record<string, Check>> = {
  node: () => [
    seesImports
      ? ok(
          "node",
          `Node ${process.versions.node} has synchronous module hooks, so ES modules are instrumented`,
        )
      : failed(
          "node",
          `Node ${process.versions.node} has no synchronous module hooks, so ES modules are not instrumented`,
          `use Node ${SUPPORTED}`,
        ),
  ],
  started: ({ run }) => [startedOf(run)],
  loader: () => {
    const flags = `${process.env["NODE_OPTIONS"] ?? ""} ${process.argv.slice(2).join(" ")}`;
    const [flag] = /--(?:experimental-loader|loader)[= ]\S+/.exec(flags) ?? [];
    return [
      flag === undefined
        ? ok("loader", "no loader flag, which Assay does not need")
        : failed(
            "loader",
            `${flag}: a loader beside Assay's hooks loads modules twice, and spans double or are lost`,
            "take the flag away; --require @assay/node/register serves ES modules too",
          ),
    ];
  },
  copies: ({ copies }) => copiesFound(copies),
  early: ({ run }) => {
    const early = (run.probed?.facts?.["early"] as string[] | undefined) ?? [];
    return [
      early.length === 0
        ? ok("early", "no module was loaded before Assay could see it")
        : failed(
            "early",
            `loaded before Assay, so without spans: ${early.join(", ")}`,
            "put --require @assay/node/register before every other --require and --import",
          ),
    ];
  },
  configuration: ({ sentences }) =>
    sentences.length === 0
      ? [ok("configuration", "every variable that is set has a value that is used")]
      : sentences.map((sentence) =>
          failed("configuration", sentence, "correct the variable as the sentence says"),
        ),
  otlp: async ({ config }) => {
    if (!config.tracesExporter.includes("otlp")) {
      return [skipped("otlp", "OTEL_TRACES_EXPORTER sends nothing by OTLP")];
    }
    const { origin } = new URL(tracesUrl(process.env));
    const { delivery, partial, traceId } = await sendSpan(config);
    if (!delivery.ok) {
      return [
        failed(
          "otlp",
          `${origin} did not take a span: ${delivery.reason}`,
          "start the Collector, or set OTEL_EXPORTER_OTLP_ENDPOINT and its headers and certificates to reach it",
        ),
      ];
    }
    return partial.length === 0
      ? [ok("otlp", `${origin} acknowledged a span, trace ${traceId}`)]
      : [failed("otlp", `${origin} took it in part: ${partial[0]}`, "see the Collector's own log")];
  },
  clock: async ({ config }) => {
    if (!config.tracesExporter.includes("otlp")) return [skipped("clock", "there is no Collector")];
    const offset = await clockOffset(tracesUrl(process.env), ANSWER_MS);
    if (offset === undefined) return [skipped("clock", "the Collector told no time")];
    if (Math.abs(offset) <= CLOCK_S) {
      return [ok("clock", `${offset} s between this clock and the Collector's`)];
    }
    const place = offset > 0 ? "behind" : "ahead of";
    return [
      failed(
        "clock",
        `this clock is ${Math.abs(offset)} s ${place} the Collector's`,
        "set it by NTP",
      ),
    ];
  },
  prometheus: ({ config, metrics }) => [prometheusOf(config, metrics)],
  redaction: async () => {
    const { survivors, missing } = await runCanary(process.env);
    if (survivors.length > 0) {
      return [
        failed(
          "redaction",
          `came out of the process: ${survivors.join(", ")}`,
          "do not deploy; report it",
        ),
      ];
    }
    return missing.length === 0
      ? [ok("redaction", "a card number, a phone number and a token came out on no signal")]
      : [
          failed(
            "redaction",
            `nothing came out on ${missing.join(", ")}, so nothing is proven`,
            "run it again; if it stays so, see what the started check says",
          ),
        ];
  },
};

/** Reads the configuration as the application will, and leaves in `env` what is valid. */
export function examine(
  env: NodeJS.ProcessEnv,
): Pick<Patient, "config" | "sentences" | "settings"> {
  const before = { ...env };
  const sentences: string[] = [];
  const config = readConfig(env, (sentence) => sentences.push(sentence));
  const settings = allVariables().map(({ name, fallback, secret = false }): Setting => {
    const set = before[name]?.trim() ?? "";
    if (set === "") return { name, value: shownDefault(fallback), source: "default" };
    if (env[name] === undefined) {
      return { name, value: shownDefault(fallback), source: "default, the environment's is wrong" };
    }
    if (name === "ASSAY_PSEUDONYM_KEYS_FILE") {
      const ids = config.pseudonymKeys.map(({ id }) => id).join(", ");
      return { name, value: `keys ${ids}`, source: "file" };
    }
    return { name, value: secret ? "(not shown)" : withoutCredentials(set), source: "environment" };
  });
  return { config, sentences, settings };
}

export { copiesIn };

function ok(check: string, found: string): Finding {
  return { check, status: "ok", found };
}

function skipped(check: string, found: string): Finding {
  return { check, status: "skipped", found };
}

function failed(check: string, found: string, todo: string): Finding {
  return { check, status: "failed", found, do: todo };
}

function shownDefault(fallback: unknown): string {
  const text = String(fallback);
  return text === "" || text === "Infinity" ? "none" : text;
}

function withoutCredentials(value: string): string {
  return value.replace(/\/\/[^/@\s]+@/, "//(not shown)@");
}

function startedOf({ probed, error, stderr }: Run): Finding {
  if (error !== undefined) {
    return failed(
      "started",
      `the application cannot be run (${error})`,
      "check the command after --",
    );
  }
  if (probed?.facts !== undefined) {
    const { instrumented, uninstrumented } = probed.facts as Record<string, string[]>;
    const without =
      uninstrumented?.length === 0 ? "" : `; seen, not instrumented: ${uninstrumented?.join(", ")}`;
    return ok("started", `Assay runs in it; instrumented: ${instrumented?.join(", ")}${without}`);
  }
  const [said = ""] = /^ASSAY_START: .*$/m.exec(stderr) ?? [];
  if (probed?.disabled === true) {
    return failed("started", "OTEL_SDK_DISABLED is true", "unset it, or set it to false");
  }
  return failed(
    "started",
    `Assay did not start in the application${said === "" ? "" : `: ${said}`}`,
    `run a Node application, on Node ${SUPPORTED}`,
  );
}

function copiesFound(copies: readonly Copy[]): Finding[] {
  const findings: Finding[] = [];
  for (const { name, version, path, usedBy } of copies) {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (name !== "@opentelemetry/api" || (major === 1 && minor <= 10)) continue;
    findings.push(
      failed(
        "copies",
        `${name} ${version} in ${path}, used by ${usedBy.join(", ") || "nobody"}, finds no telemetry: Assay's API is 1.10`,
        'pin it: "overrides": { "@opentelemetry/api": "1.10.0" } in package.json',
      ),
    );
  }
  const names = [...new Set(copies.map(({ name }) => name))];
  for (const name of names) {
    const all = copies.filter((copy) => copy.name === name);
    if (all.length < 2) continue;
    const list = all.map(
      ({ version, usedBy }) => `${version} for ${usedBy.join(", ") || "nobody"}`,
    );
    const text = `${all.length} copies of ${name}: ${list.join("; ")}`;
    const todo = `make them one by "overrides" in package.json`;
    // A second copy of the API that is older works with ours; one of the SDK is somebody else's telemetry.
    findings.push({ check: "copies", status: "warning", found: text, do: todo });
  }
  const sdks = copies.filter(({ name }) => /sdk-(trace|node|logs|metrics)/.test(name));
  if (sdks.length > 0) {
    const list = [...new Set(sdks.map(({ name, version }) => `${name} ${version}`))].join(", ");
    findings.push({
      check: "copies",
      status: "warning",
      found: `an SDK is installed beside Assay's own, which is in its bundle: ${list}`,
      do: "what the application starts itself is not behind the egress gate; take it away, or make sure that nothing starts it",
    });
  }
  return findings.length === 0
    ? [
        ok(
          "copies",
          `${copies.length} packages of OpenTelemetry in the tree, none of which is in the way`,
        ),
      ]
    : findings;
}

function prometheusOf(config: Config, metrics: Patient["metrics"]): Finding {
  if (!config.metricsExporter.includes("prometheus")) {
    return skipped("prometheus", "OTEL_METRICS_EXPORTER serves no /metrics");
  }
  if (metrics === undefined) {
    return skipped("prometheus", "the application ended before /metrics could be asked");
  }
  return metrics.status === 200
    ? ok("prometheus", `${metrics.url} answers with ${metrics.series} series`)
    : failed(
        "prometheus",
        `${metrics.url} ${metrics.status === undefined ? "does not answer" : `answers ${metrics.status}`}`,
        "set OTEL_EXPORTER_PROMETHEUS_PORT to a free port; in a cluster, use OTLP",
      );
}
