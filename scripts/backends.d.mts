/** A backend as scripts/setup.mjs builds it. */
export type BackendName =
  | "collector"
  | "jaeger"
  | "prometheus"
  | "alertmanager"
  | "bugsink"
  | "nodes";

/** A program that `backendPath` finds; "bugsink" stands for its whole venv. */
export type ProgramName = BackendName | "promtool" | "amtool" | "node22" | "node24";

export interface Backend {
  readonly kind: "go" | "python" | "npm";
  /** The name to show to people. */
  readonly title: string;
  /** Where its go.mod, requirements.txt or package-lock.json lies, from the root of the checkout. */
  readonly folder: string;
  /** Program name to Go package, or to the name of an npm package without its platform. */
  readonly programs: Readonly<Record<string, string>>;
  /** How long the build takes on two cores with nothing cached. */
  readonly cold: string;
}

/** The root of this checkout. */
export const ROOT: string;

/** Every backend and what it is built from. */
export const BACKENDS: Readonly<Record<BackendName, Backend>>;

/** Where built backends and logs are kept: `ASSAY_CACHE_DIR`, else the user's cache folder. */
export function cacheFolder(environment?: NodeJS.ProcessEnv): string;

/** A short hash of all that determines the built backend: its sources, its flags and the toolchain. */
export function backendKey(name: BackendName, options?: { root?: string }): string;

/** The folder in the cache that holds the finished backend, whether it exists yet or not. */
export function backendFolder(name: BackendName, options?: { root?: string }): string;

/** The finished backend's folder, or undefined when it is not built. */
export function builtFolder(name: BackendName): string | undefined;

/**
 * The absolute path of a built program; for "bugsink" the folder of its venv
 * (programs are in `bin`, on Windows in `Scripts`).
 *
 * Throws one sentence that names what is missing and the command that builds it.
 */
export function backendPath(program: ProgramName): string;
