import { context, type Span, trace } from "@opentelemetry/api";
import {
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OPERATION_CATEGORY,
  ATTR_FINANCE_OPERATION_NAME,
  ATTR_FINANCE_OUTCOME,
  FINANCE_OPERATION_CATEGORY_VALUE_OTHER,
  type FinanceAttributes,
} from "@assay/semconv";
import { blameSpan, ERROR_TYPE, errorTypeOf } from "./blame.ts";
import { SCOPE } from "./instruments.ts";
import { beginBreaches, type Ended, startClock } from "./operation-clock.ts";
import { isError } from "./outcome.ts";
import { isPromise } from "./promise.ts";
import { securityEvent } from "./security-event.ts";
import { currentTenant, setTenant } from "./tenant.ts";
import type { OperationCategory, ThresholdOptions } from "./thresholds.ts";
import { failureOf } from "./thrown.ts";
import { currentUser, setUser, UserRequiredError } from "./user.ts";
import { emitWideEvent, type WideAttributes, withWideEvent } from "./wide-event.ts";

export interface OperationOptions {
  /** Bounded: "process_payment". */
  name: string;
  category?: OperationCategory;
  /** Refuses to run outside `withUser`: an error, and a security event. */
  requireUser?: boolean;
  /** How long it may take; the registry's limits when absent. */
  thresholds?: ThresholdOptions;
  attributes?: FinanceAttributes;
}

/** An operation that is under way. */
export interface Operation {
  readonly span: Span;
  /** Writes a step on the span, as an event: "rate fetched". */
  readonly breadcrumb: (step: string, attributes?: FinanceAttributes) => void;
}

/** An operation that ends with the block that began it. */
export interface OpenOperation extends Operation, Disposable {
  /** Says that it failed; without it, it has completed when the block ends. */
  readonly fail: (error: unknown) => void;
}

/**
 * Runs an operation of the application in a span of its own: its duration, its outcome, whether it kept its limit, and
 * one record of all that is known of it.
 *
 * `work` may be synchronous. What it gives and throws is given and thrown unchanged.
 *
 * @example await operation({ name: "process_payment", category: "payment_processing", requireUser: true }, () => pay());
 */
export function operation<T>(options: OperationOptions, work: (operation: Operation) => T): T {
  const open = begin(options);
  const inSpan = trace.setSpan(context.active(), open.span);
  const run = (): T => withWideEvent(open.known, () => work(open));
  let value: T;
  try {
    value = context.with(inSpan, run);
  } catch (error) {
    open.fail(error);
    context.with(inSpan, () => open.end());
    throw error;
  }
  if (!isPromise(value)) {
    context.with(inSpan, () => open.end());
    return value;
  }
  const ended = value.then(
    (result) => {
      context.with(inSpan, () => open.end());
      return result;
    },
    (error: unknown) => {
      open.fail(error);
      context.with(inSpan, () => open.end());
      throw error;
    },
  );
  return ended as T;
}

/**
 * Begins an operation that ends with its block: `using open = startOperation({ name: "quote" })`.
 *
 * Spans that are made in the block are not its children, since a block has no context of its own; `operation` gives
 * them one.
 */
export function startOperation(options: OperationOptions): OpenOperation {
  const open = begin(options);
  return {
    span: open.span,
    breadcrumb: open.breadcrumb,
    fail: open.fail,
    [Symbol.dispose]: () => {
      context.with(trace.setSpan(context.active(), open.span), () => open.end());
    },
  };
}

type Method<This, Args extends unknown[], Result> = (this: This, ...args: Args) => Result;

/** `operation` as a TC39 decorator of a method. The method's arguments are not recorded. */
export function financialOperation(options: OperationOptions) {
  const { thresholds = {}, category = FINANCE_OPERATION_CATEGORY_VALUE_OTHER } = options;
  beginBreaches(thresholds, [category]);
  return function decorate<This, Args extends unknown[], Result>(
    method: Method<This, Args, Result>,
    _context: ClassMethodDecoratorContext<This, Method<This, Args, Result>>,
  ): Method<This, Args, Result> {
    return function decorated(...args) {
      return operation(options, () => Reflect.apply(method, this, args));
    };
  };
}

interface Begun extends Operation {
  known: WideAttributes;
  fail: (error: unknown) => void;
  end: () => void;
}

function begin({
  name,
  category = FINANCE_OPERATION_CATEGORY_VALUE_OTHER,
  requireUser = false,
  thresholds = {},
  attributes = {},
}: OperationOptions): Begun {
  const user = currentUser();
  const tenant = currentTenant();
  const known: WideAttributes = {
    [ATTR_FINANCE_OPERATION_NAME]: name,
    [ATTR_FINANCE_OPERATION_CATEGORY]: category,
    ...attributes,
  };
  const span = trace.getTracer(SCOPE).startSpan(name, { attributes: known });
  if (tenant !== undefined) setTenant(span, tenant);
  if (user !== undefined) setUser(span, user);
  const stopClock = startClock(name, category, span, thresholds);
  let ended: Ended = { outcome: "completed" };
  const begun: Begun = {
    span,
    known,
    breadcrumb: (step, more) => void span.addEvent(step, more),
    fail(error) {
      const failure = failureOf(error);
      ended = failure;
      known[ERROR_TYPE] = errorTypeOf(error);
      // What is up to the customer is no error of ours, whatever is thrown to say so.
      if (isError(failure)) blameSpan(span, error);
    },
    end() {
      const { outcome, domain } = ended;
      span.setAttribute(ATTR_FINANCE_OUTCOME, outcome);
      known[ATTR_FINANCE_OUTCOME] = outcome;
      if (domain !== undefined) {
        span.setAttribute(ATTR_FINANCE_FAILURE_DOMAIN, domain);
        known[ATTR_FINANCE_FAILURE_DOMAIN] = domain;
      }
      stopClock(ended);
      emitWideEvent(known, outcome === "completed");
      span.end();
    },
  };
  if (requireUser && user === undefined) refuse(begun, name);
  return begun;
}

function refuse(begun: Begun, name: string): never {
  const error = new UserRequiredError(name);
  context.with(trace.setSpan(context.active(), begun.span), () => {
    const attributes = { [ATTR_FINANCE_OPERATION_NAME]: name };
    securityEvent({ type: "other", severity: "high", action: "denied", attributes });
    begun.fail(error);
    begun.end();
  });
  throw error;
}
