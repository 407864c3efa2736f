import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  bugsinkEnvironment,
  bugsinkProgram,
  bugsinkTemplate,
  TOKEN_FILE,
} from "./bugsink-template.ts";
import { temporaryFolder } from "./folder.ts";
import { freePort, spawnService } from "./process.ts";
import { type Restartable, restartable } from "./restartable.ts";
import { answersOk, getJson, waitFor } from "./wait.ts";

export interface BugsinkIssue {
  id: string;
  friendly_id: string;
  digested_event_count: number;
  /** The exception's type, or "Log Message". */
  calculated_type: string;
  calculated_value: string;
  transaction: string;
  first_seen: string;
  last_seen: string;
}

export interface BugsinkEvent {
  id: string;
  event_id: string;
  timestamp: string;
  /** The event as it was sent, in Sentry's schema. */
  data: Record<string, unknown> & {
    contexts?: { trace?: { trace_id?: string; span_id?: string } };
    tags?: Record<string, string> | [string, string][];
    exception?: { values?: { type?: string; value?: string }[] };
  };
}

/** A Sentry-compatible server with one project. */
export interface Bugsink extends Restartable {
  url: string;
  dsn: string;
  /** Bearer token of its API. */
  token: string;
  issues(): Promise<BugsinkIssue[]>;
  events(issueId: string): Promise<BugsinkEvent[]>;
  /** Waits for the first issue that the predicate accepts. */
  waitForIssue(
    predicate?: (issue: BugsinkIssue) => boolean,
    deadlineMs?: number,
  ): Promise<BugsinkIssue>;
}

/** Starts bugsink in strict schema mode on a free port, with a database of its own, and makes a project. */
export async function startBugsink(): Promise<Bugsink> {
  await using cleanUp = new AsyncDisposableStack();
  const folder = cleanUp.use(await temporaryFolder("bugsink")).path;
  await cp(await bugsinkTemplate(), folder, { recursive: true });
  const token = await readFile(join(folder, TOKEN_FILE), "utf8");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;

  const service = cleanUp.use(
    await restartable(() =>
      spawnService({
        name: "bugsink",
        command: bugsinkProgram("gunicorn"),
        args: [
          "bugsink.wsgi",
          `--bind=127.0.0.1:${port}`,
          // One process, for SQLite; threads, so that reading the API does not wait for an event.
          "--workers=1",
          "--threads=4",
          "--no-control-socket",
          // Else a stop waits for connections that clients keep open.
          "--graceful-timeout=1",
          `--worker-tmp-dir=${folder}`,
        ],
        cwd: folder,
        env: bugsinkEnvironment(folder, url),
        ready: () => answersOk(`${url}/health/ready`),
      }),
    ),
  );

  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const api = <T>(path: string, body?: object): Promise<T> =>
    getJson<T>(
      new URL(path, `${url}/api/canonical/0/`),
      body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) },
    );
  async function all<T>(path: string): Promise<T[]> {
    const found: T[] = [];
    for (let next: string | null = path; next !== null;) {
      const page: Page<T> = await api<Page<T>>(next);
      found.push(...page.results);
      next = page.next;
    }
    return found;
  }

  const team = await api<{ id: string }>("teams/", { name: "assay" });
  const { id } = await api<{ id: number }>("projects/", { team: team.id, name: "assay" });
  const { dsn } = await api<{ dsn: string }>(`projects/${id}/`);
  const issues = (): Promise<BugsinkIssue[]> => all(`issues/?project=${id}`);

  const owned = cleanUp.move();
  return Object.assign(service, {
    url,
    dsn,
    token,
    issues,
    async events(issueId: string) {
      const listed = await all<{ id: string }>(`events/?issue=${issueId}`);
      return Promise.all(listed.map((event) => api<BugsinkEvent>(`events/${event.id}/`)));
    },
    waitForIssue(predicate: (issue: BugsinkIssue) => boolean = () => true, deadlineMs = 15_000) {
      return waitFor(async () => (await issues()).find(predicate), {
        what: "an issue in bugsink",
        deadlineMs,
        everyMs: 100,
      });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}

interface Page<T> {
  results: T[];
  next: string | null;
}
