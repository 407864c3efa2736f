import { type Counter, diag } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CONTEXT_FAILURE_REASON,
  ATTR_FINANCE_CONTEXT_PART,
  type FinanceAttributes,
  INSTRUMENT_FINANCE_CONTEXT_FAILURES,
} from "@assay/semconv";
import { createCounter } from "./instruments.ts";
import { isPromise } from "./promise.ts";

/** What of a request the application is asked for. */
export type Part = NonNullable<FinanceAttributes["finance.context.part"]>;
type Reason = NonNullable<FinanceAttributes["finance.context.failure.reason"]>;

/** Reads an answer; undefined when it is of no use. */
type Read<Answer> = (given: unknown) => Answer | undefined;

/** Asks functions of the application, and bears what they do. */
export interface Questions {
  /**
   * Gives the answer, at once or later; undefined when there is none, and when the function throws, rejects, takes too
   * long or gives what is of no use, which is counted, and told the first time. Never throws and never rejects.
   */
  ask<Answer>(
    part: Part,
    question: () => unknown,
    read: Read<Answer>,
  ): Answer | undefined | Promise<Answer | undefined>;
  /** The same of a function that has to answer at once. */
  askNow<Answer>(part: Part, question: () => unknown, read: Read<Answer>): Answer | undefined;
}

const REASONS: readonly Reason[] = ["thrown", "late", "invalid"];

/** Makes what asks the application for `parts` of each request. */
export function createQuestions(parts: readonly Part[], limitMs: number): Questions {
  const told = new Set<string>();
  let failures: Counter | undefined;

  const counter = (): Counter => {
    if (failures !== undefined) return failures;
    failures = createCounter(INSTRUMENT_FINANCE_CONTEXT_FAILURES);
    for (const part of parts) for (const reason of REASONS) failures.add(0, labels(part, reason));
    return failures;
  };

  const fail = (part: Part, reason: Reason, detail: string): undefined => {
    counter().add(1, labels(part, reason));
    const offence = `${part} ${reason}`;
    if (told.has(offence)) return undefined;
    told.add(offence);
    // What the error says may name the caller, so only its kind is told.
    diag.warn(
      `the function that gives a request's ${part} ${detail}; requests go on without it, and are counted`,
    );
    return undefined;
  };

  const readAnswer = <Answer>(
    part: Part,
    given: unknown,
    read: Read<Answer>,
  ): Answer | undefined => {
    if (given === undefined || given === null) return undefined;
    try {
      return read(given) ?? fail(part, "invalid", `gave ${typeof given} that cannot be used`);
    } catch (error) {
      return fail(part, "thrown", `threw ${kindOf(error)}`);
    }
  };

  /** Calls a function; undefined when it threw, as when it gives nothing. */
  const call = (part: Part, question: () => unknown): unknown => {
    counter();
    try {
      return question();
    } catch (error) {
      return fail(part, "thrown", `threw ${kindOf(error)}`);
    }
  };

  return {
    ask(part, question, read) {
      const given = call(part, question);
      if (!isPromise(given)) return readAnswer(part, given, read);
      return new Promise((resolve) => {
        let isLate = false;
        const timer = setTimeout(() => {
          isLate = true;
          resolve(fail(part, "late", `took more than ${limitMs} ms`));
        }, limitMs);
        timer.unref();
        Promise.resolve(given).then(
          (answer) => {
            clearTimeout(timer);
            if (!isLate) resolve(readAnswer(part, answer, read));
          },
          (error: unknown) => {
            clearTimeout(timer);
            if (!isLate) resolve(fail(part, "thrown", `rejected with ${kindOf(error)}`));
          },
        );
      });
    },
    askNow(part, question, read) {
      const given = call(part, question);
      if (!isPromise(given)) return readAnswer(part, given, read);
      given.then(undefined, () => {}); // nobody else hears of what it rejects with
      return fail(part, "invalid", "gave a promise, and has to answer at once");
    },
  };
}

function labels(part: Part, reason: Reason): Record<string, string> {
  return { [ATTR_FINANCE_CONTEXT_PART]: part, [ATTR_FINANCE_CONTEXT_FAILURE_REASON]: reason };
}

function kindOf(error: unknown): string {
  return error instanceof Error ? `a ${error.name}` : `no error but ${typeof error}`;
}
