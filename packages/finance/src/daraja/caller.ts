import type { Span } from "@opentelemetry/api";
import type { FinanceAttributes } from "@assay/semconv";
import { createFailureCatalogue, type FailureCatalogue } from "../failure-catalogue.ts";
import {
  codeOf,
  type Fields,
  type HttpAnswer,
  type IsTaken,
  parseFields,
  readAnswer,
} from "./answer.ts";
import { type Asked, beforeQuestion } from "./error.ts";
import { type Flow, observeCall } from "./observed-call.ts";
import { createSender } from "./sender.ts";
import { createDarajaTokens, type DarajaTokensOptions } from "./tokens.ts";

/** What one call asks. */
export interface Question extends Asked {
  operation: Flow;
  path: string;
  /** What its span carries. */
  attributes: FinanceAttributes;
  /** Makes the body; throws DarajaError when there is no request in what was given. */
  body: () => Fields;
  /** Answers that are no refusal though Daraja writes them as one. */
  isTaken?: IsTaken;
}

/** Asks Daraja, and gives what `read` makes of its answer. Rejects with DarajaError. */
export type Ask = <T>(question: Question, read: (fields: Fields, span: Span) => T) => Promise<T>;

// How Daraja says that it does not know the token, now and then with another status than 401.
const TOKEN_REFUSED: ReadonlySet<unknown> = new Set(["404.001.03", "401.003.01"]);

/**
 * Makes what asks one Daraja: with an access token, with a new one once when it answers that it does not know the token,
 * and observed.
 */
export function createCaller({
  failureCatalogue = createFailureCatalogue(),
  ...options
}: DarajaTokensOptions & { failureCatalogue?: FailureCatalogue }): Ask {
  const tokens = createDarajaTokens(options);
  const sender = createSender(options);

  async function post(question: Question, body: string): Promise<HttpAnswer> {
    let token = await tokenFor(question);
    const send = () =>
      sender.send(question.path, question, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body,
      });
    const answer = await send();
    if (!isTokenRefused(answer)) return answer;
    // It was refused before anything was done, so it may be sent again.
    tokens.drop(token);
    token = await tokenFor(question);
    return send();
  }

  async function tokenFor({ kind }: Asked): Promise<string> {
    try {
      return await tokens.get();
    } catch (error) {
      throw kind === "asks" ? beforeQuestion(error) : error;
    }
  }

  return (question, read) => {
    const attributes = { ...sender.attributes, ...question.attributes };
    return observeCall(question.operation, attributes, async (span) => {
      const answer = await post(question, JSON.stringify(question.body()));
      return read(readAnswer(answer, question, failureCatalogue, question.isTaken), span);
    });
  };
}

function isTokenRefused({ status, text }: HttpAnswer): boolean {
  if (status === 401) return true;
  return (
    status >= 400 && status < 500 && TOKEN_REFUSED.has(codeOf(parseFields(text)?.["errorCode"]))
  );
}
