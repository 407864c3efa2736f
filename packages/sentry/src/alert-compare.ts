/** What can differ between what is wanted and what Sentry has, by name. */
type Compared = Readonly<Record<string, unknown>>;

/** Names what of a monitor differs; both may be a payload or what Sentry answers. */
export function monitorDifferences(wanted: unknown, found: unknown): string[] {
  return differences(monitorOf(wanted), monitorOf(found));
}

/** Names what of an alert differs; both may be a payload or what Sentry answers. */
export function alertDifferences(wanted: unknown, found: unknown): string[] {
  return differences(alertOf(wanted, wanted), alertOf(found, wanted));
}

function differences(wanted: Compared, found: Compared): string[] {
  return Object.keys(wanted).filter(
    (key) => JSON.stringify(wanted[key]) !== JSON.stringify(found[key]),
  );
}

function monitorOf(monitor: unknown): Compared {
  const owner = at(monitor, "owner");
  const ownerParts = [at(owner, "type"), at(owner, "id")];
  // Sentry answers the query inside of the subscription that it made.
  const sources = listOf(at(monitor, "dataSources")).map((source) => {
    const query = at(source, "queryObj", "snubaQuery") ?? source;
    return {
      aggregate: at(query, "aggregate"),
      dataset: at(query, "dataset"),
      environment: at(query, "environment"),
      eventTypes: listOf(at(query, "eventTypes")).map(String).toSorted(byText),
      query: at(query, "query"),
      timeWindow: at(query, "timeWindow"),
    };
  });
  return {
    description: at(monitor, "description"),
    enabled: at(monitor, "enabled"),
    owner: typeof owner === "string" ? owner : ownerParts.join(":"),
    detection: at(monitor, "config", "detectionType"),
    query: sources,
    conditions: groupOf(at(monitor, "conditionGroup")),
  };
}

function alertOf(alert: unknown, wanted: unknown): Compared {
  const channelIds = new Set(
    actionsOf(wanted).map((action) => at(action, "config", "targetIdentifier")),
  );
  return {
    enabled: at(alert, "enabled"),
    environment: at(alert, "environment"),
    frequency: at(alert, "config", "frequency"),
    monitors: listOf(at(alert, "detectorIds")).map(String).toSorted(byText),
    triggers: groupOf(at(alert, "triggers")),
    actions: listOf(at(alert, "actionFilters")).map((filter) => ({
      ...groupOf(filter),
      actions: sorted(listOf(at(filter, "actions")).map((action) => actionOf(action, channelIds))),
    })),
  };
}

// Sentry gives conditions and actions in no order, with ids and times of its own.
function groupOf(group: unknown): Record<string, unknown> {
  return {
    logicType: at(group, "logicType"),
    conditions: sorted(
      listOf(at(group, "conditions")).map((condition) => ({
        type: at(condition, "type"),
        comparison: at(condition, "comparison"),
        conditionResult: at(condition, "conditionResult"),
      })),
    ),
  };
}

// Sentry finds a channel's id by its name and a service's name by its id: what it fills in is no difference.
function actionOf(action: unknown, channelIds: ReadonlySet<unknown>): unknown {
  const type = at(action, "type");
  const id = at(action, "config", "targetIdentifier");
  const isByName = type === "slack" && (id === "" || !channelIds.has(id));
  return {
    type,
    integration: at(action, "integrationId") ?? null,
    target: isByName
      ? String(at(action, "config", "targetDisplay")).replace(/^#/, "")
      : `id ${String(id)}`,
    data: Object.entries((at(action, "data") as object | undefined) ?? {}).toSorted(byKey),
  };
}

function actionsOf(alert: unknown): unknown[] {
  return listOf(at(alert, "actionFilters")).flatMap((filter) => listOf(at(filter, "actions")));
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
  return byText(one, other);
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function sorted(items: readonly unknown[]): unknown[] {
  return items
    .map((item): [string, unknown] => [JSON.stringify(item), item])
    .toSorted(byKey)
    .map(([, item]) => item);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null
        ? (found as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}
