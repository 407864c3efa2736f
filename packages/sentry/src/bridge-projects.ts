import { readFileSync } from "node:fs";
import { type Dsn, parseDsn } from "./dsn.ts";

/** A Sentry project, and whose errors go there. */
export interface ProjectSetting {
  /** For health, metrics and sentences; letters, digits, `-` and `_`, 64 at most. */
  name: string;
  dsn: Dsn;
  /** Values of `service.name`. The one project without them takes what no other names. */
  services?: readonly string[] | undefined;
}

/** Finds the project of a `service.name`; undefined when none takes it. */
export type Route<Project> = (service: string) => Project | undefined;

const EXAMPLE =
  '{"projects": [{"name": "payments", "services": ["payments-api"], "dsnFile": "/run/secrets/payments-dsn"}]}';

/**
 * Reads the file of projects: `{"projects": [{"name", "dsnFile", "services"}]}`.
 *
 * Throws an Error of one sentence that names `variable`, what was found and what to write. A DSN stands in a file of its
 * own, and never in the sentence.
 */
export function readProjects(path: string, variable: string): ProjectSetting[] {
  const wrong = (found: string): never => {
    throw new Error(`${variable} is ${JSON.stringify(path)}, ${found}; write ${EXAMPLE}`);
  };
  const entries = listOf(parse(read(path, wrong), wrong), "projects");
  if (entries === undefined || entries.length === 0) {
    return wrong('which has no list "projects" with an entry in it');
  }
  const projects = entries.map((entry, index) => projectOf(entry, `projects[${index}]`, wrong));
  const names = projects.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return wrong(`in which two projects are named "${twice}"`);
  const services = projects.flatMap((project) => project.services ?? []);
  const shared = services.find((service, index) => services.indexOf(service) !== index);
  if (shared !== undefined) return wrong(`in which the service "${shared}" stands twice`);
  if (projects.filter((project) => project.services === undefined).length > 1) {
    return wrong('in which more than one project has no "services"');
  }
  return projects;
}

/** Makes the way from a `service.name` to what was made of its project. */
export function routeOf<Project extends Pick<ProjectSetting, "services">>(
  projects: readonly Project[],
): Route<Project> {
  const byService = new Map(
    projects.flatMap((project) =>
      (project.services ?? []).map((service): [string, Project] => [service, project]),
    ),
  );
  const other = projects.find(({ services }) => services === undefined);
  return (service) => byService.get(service) ?? other;
}

type Wrong = (found: string) => never;

function read(path: string, wrong: Wrong): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    return wrong(`which cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`);
  }
}

function parse(text: string, wrong: Wrong): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return wrong("which is not JSON");
  }
}

function projectOf(entry: unknown, at: string, wrong: Wrong): ProjectSetting {
  const { name, dsnFile, services, ...others } = (entry ?? {}) as Record<string, unknown>;
  const [unknownKey] = Object.keys(others);
  if (unknownKey !== undefined) return wrong(`in which ${at} has "${unknownKey}"`);
  if (typeof name !== "string" || !/^[\w-]{1,64}$/.test(name)) {
    return wrong(`in which ${at}.name is not 1 to 64 letters, digits, - and _`);
  }
  if (typeof dsnFile !== "string") return wrong(`in which ${at}.dsnFile is not a path`);
  const named = services === undefined ? undefined : listOf({ services }, "services");
  if (services !== undefined && !named?.every((service) => typeof service === "string")) {
    return wrong(`in which ${at}.services is not a list of service names`);
  }
  return { name, dsn: dsnOf(dsnFile, `${at}.dsnFile`, wrong), services: named as string[] };
}

function dsnOf(path: string, at: string, wrong: Wrong): Dsn {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return wrong(`in which ${at} is ${JSON.stringify(path)}, which cannot be read`);
  }
  return parseDsn(text, path);
}

function listOf(value: unknown, key: string): unknown[] | undefined {
  const list =
    typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : null;
  return Array.isArray(list) ? list : undefined;
}
