import type { Registry } from "./registry.mts";
import { HEAD } from "./write-constants.mts";

// As OpenTelemetry numbers them.
const NUMBERS: Readonly<Record<string, number>> = { ERROR: 17, FATAL: 21 };

/** `severities.ts`: how severe errors are, as data. */
export function severities({ severities: all, categories }: Registry): string {
  const values = all.map(({ name, log_severity: text, priority }) => {
    const [, word = "", step] = /^([A-Z]+)(\d?)$/.exec(text) ?? [];
    const severityNumber = (NUMBERS[word] ?? 0) + Number(step || 1) - 1;
    return [name, { severityText: text, severityNumber, priority }];
  });
  const defaults = categories.map(({ name, severity }) => [name, severity]);
  return `${HEAD}
/** What each severity of an error is to a log and to an alert, from the least severe. */
export const ERROR_SEVERITIES = ${JSON.stringify(Object.fromEntries(values))} as const;

/** How severe an error of each category is when nobody says otherwise. */
export const ERROR_CATEGORY_SEVERITIES = ${JSON.stringify(Object.fromEntries(defaults))} as const;
`;
}

/** What is wrong with the severities, one sentence each. */
export function lintSeverities({ attributes, severities: all, categories }: Registry): string[] {
  const known = new Set(all.map(({ name }) => name));
  return [
    ...isMembers(
      "finance.error.severity",
      all.map(({ name }) => name),
      attributes,
    ),
    ...isMembers(
      "finance.error.category",
      categories.map(({ name }) => name),
      attributes,
    ),
    ...categories
      .filter(({ severity }) => !known.has(severity))
      .map(
        ({ name, severity }) =>
          `severities.yaml gives ${name} the severity ${severity}, which is none of its own.`,
      ),
  ];
}

function isMembers(key: string, given: string[], attributes: Registry["attributes"]): string[] {
  const members = (attributes.find((each) => each.key === key)?.members ?? []).map(({ value }) =>
    String(value),
  );
  const differs = members.toSorted().join() !== given.toSorted().join();
  return differs ? [`severities.yaml does not have each member of ${key} once.`] : [];
}
