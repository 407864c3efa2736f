import { disabledUntil, type RateLimits, updateRateLimits } from "@sentry/core";
import { createBlame } from "./blame.ts";
import type { ProjectSetting } from "./bridge-projects.ts";
import { post, type Posted } from "./postbox.ts";
import { createRecent } from "./recent.ts";

/** What became of an event. `away` and `limited` are to be tried again; `refused` and `breaks_the_server` are for good. */
export type Fate =
  | { result: "accepted" | "duplicate" }
  | { result: "away"; isServerError: boolean }
  | { result: "limited"; untilMs: number }
  | { result: "refused" | "breaks_the_server"; status: number };

/** How a project is doing; times in milliseconds since 1970. */
export interface ProjectHealth {
  name: string;
  lastAcceptedMs: number | undefined;
  limitedUntilMs: number | undefined;
  /** The status of the last refusal or failure, until an event is accepted. */
  lastProblem: number | "unreachable" | undefined;
  sending: number;
}

/** What an error is known by: the id of its event, and what it is known by when another id was made for it. */
export interface ErrorKeys {
  eventId: string;
  twin: string;
}

/** One Sentry project as the bridge sees it. */
export interface Project extends ProjectSetting {
  send(keys: ErrorKeys, body: Uint8Array): Promise<Fate>;
  health(): ProjectHealth;
}

/** Twice as many keys as events. */
const REMEMBERED = 40_000;
const ERRORS = "error";

/**
 * Makes the sender to one project: an event goes once, and not while the project is limited.
 *
 * Limits are Sentry's: `X-Sentry-Rate-Limits` for errors or for all, else `Retry-After`, else a minute after a 429.
 */
export function createProject(
  setting: ProjectSetting,
  onDiagnostic: (sentence: string) => void,
): Project {
  const sent = createRecent(REMEMBERED);
  const underWay = new Map<string, Promise<Fate>>();
  const blame = createBlame<string>();
  let limits: RateLimits = {};
  let lastAcceptedMs: number | undefined;
  let lastProblem: ProjectHealth["lastProblem"];
  let isRefusing = false;

  // Once, until something is accepted again.
  const note = ({ answer, status }: Posted): void => {
    if (answer === "accepted") {
      lastAcceptedMs = Date.now();
      lastProblem = undefined;
    } else lastProblem = status ?? "unreachable";
    if (answer === "refused" && !isRefusing) onDiagnostic(refusal(setting.name, status ?? 0));
    if (answer !== "away") isRefusing = answer === "refused";
  };

  const fateOf = (eventId: string, posted: Posted): Fate => {
    const { answer, isServerError, status = 0 } = posted;
    if (isServerError && blame.failed(eventId)) return { result: "breaks_the_server", status };
    if (answer === "refused") return { result: "refused", status };
    if (answer === "accepted") {
      blame.accepted(eventId);
      return { result: "accepted" };
    }
    const untilMs = disabledUntil(limits, ERRORS);
    return untilMs > Date.now()
      ? { result: "limited", untilMs }
      : { result: "away", isServerError };
  };

  const sendNow = async ({ eventId, twin }: ErrorKeys, body: Uint8Array): Promise<Fate> => {
    const posted = await post(setting.dsn, body);
    const { status: statusCode, limitHeaders } = posted;
    if (statusCode !== undefined) {
      limits = updateRateLimits(limits, { statusCode, headers: limitHeaders });
    }
    note(posted);
    const fate = fateOf(eventId, posted);
    // What was refused is not tried again; an event that is on its way twice is accepted once.
    if (fate.result === "away" || fate.result === "limited") return fate;
    for (const key of [eventId, twin]) sent.add(key);
    return fate;
  };

  return {
    ...setting,
    async send(keys, body) {
      const known = [keys.eventId, keys.twin];
      if (known.some((key) => sent.has(key))) return { result: "duplicate" };
      // The same error may come by a span and by a log record at once.
      const other = underWay.get(keys.eventId) ?? underWay.get(keys.twin);
      if (other !== undefined) {
        const fate = await other;
        return fate.result === "accepted" ? { result: "duplicate" } : fate;
      }
      const untilMs = disabledUntil(limits, ERRORS);
      if (untilMs > Date.now()) return { result: "limited", untilMs };
      const sending = sendNow(keys, body);
      for (const key of known) underWay.set(key, sending);
      try {
        return await sending;
      } finally {
        for (const key of known) underWay.delete(key);
      }
    },
    health() {
      const untilMs = disabledUntil(limits, ERRORS);
      return {
        name: setting.name,
        lastAcceptedMs,
        limitedUntilMs: untilMs > Date.now() ? untilMs : undefined,
        lastProblem,
        sending: new Set(underWay.values()).size,
      };
    },
  };
}

function refusal(project: string, status: number): string {
  // A redirect is not followed: it would take the events and the key to another host.
  const isOfDsn = status < 400 || [401, 403, 404].includes(status);
  const advice = isOfDsn
    ? "check the DSN"
    : "they are set aside, or lost without ASSAY_BRIDGE_SET_ASIDE";
  return `Sentry refuses events of the project "${project}" with HTTP ${status}; ${advice}`;
}
