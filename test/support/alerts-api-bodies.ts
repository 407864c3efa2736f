import { z } from "zod";

// What the reference of Sentry's API says of the bodies of monitors and alerts, as far as Assay uses them. Objects are
// strict: a misspelt key fails here, which Sentry would pass over.

const LOGIC = z.enum(["any", "any-short", "all", "none"]);

const DATA_SOURCE = z
  .strictObject({
    aggregate: z.enum(["count()", "failure_rate()"]),
    dataset: z.enum(["events", "events_analytics_platform"]),
    environment: z.string().min(1),
    eventTypes: z.array(z.enum(["default", "error", "trace_item_span"])).min(1),
    query: z.string(),
    queryType: z.union([z.literal(0), z.literal(1)]),
    timeWindow: z.union([60, 300, 600, 900, 1_800, 3_600].map((seconds) => z.literal(seconds))),
  })
  .refine(
    ({ dataset, queryType, eventTypes }) =>
      (dataset === "events") === (queryType === 0) &&
      eventTypes.includes("trace_item_span") === (queryType === 1),
    { error: "dataset, queryType and eventTypes are of one kind" },
  );

export const MONITOR_BODY = z.strictObject({
  name: z.string().min(1).max(200),
  type: z.literal("metric_issue"),
  description: z.string().nullable().optional(),
  enabled: z.boolean().optional(),
  owner: z.string().regex(/^(team|user):\d+$/),
  config: z.strictObject({ detectionType: z.enum(["static", "percent", "dynamic"]) }),
  dataSources: z.array(DATA_SOURCE).length(1),
  conditionGroup: z.strictObject({
    logicType: LOGIC,
    conditions: z
      .array(
        z.strictObject({
          type: z.enum(["gt", "lte"]),
          comparison: z.number(),
          conditionResult: z.union([0, 25, 50, 75].map((priority) => z.literal(priority))),
        }),
      )
      .min(1),
  }),
});

const TARGET = z.strictObject({
  targetType: z.literal("specific"),
  targetIdentifier: z.string(),
  targetDisplay: z.string(),
});
const STATUS = z.literal("active");

const ACTION = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("email"),
    integrationId: z.null(),
    config: z.strictObject({
      targetType: z.enum(["team", "user"]),
      targetIdentifier: z.string().regex(/^\d+$/),
      targetDisplay: z.null(),
    }),
    data: z.strictObject({}),
    status: STATUS,
  }),
  z.strictObject({
    type: z.literal("slack"),
    integrationId: z.string().regex(/^\d+$/),
    config: TARGET,
    data: z.strictObject({ notes: z.string().optional(), tags: z.string().optional() }),
    status: STATUS,
  }),
  z.strictObject({
    type: z.literal("pagerduty"),
    integrationId: z.string().regex(/^\d+$/),
    config: TARGET.extend({ targetIdentifier: z.string().regex(/^\d+$/) }),
    data: z.strictObject({
      priority: z.enum(["default", "critical", "warning", "error", "info"]),
    }),
    status: STATUS,
  }),
]);

export const ALERT_BODY = z.strictObject({
  id: z.string().optional(),
  name: z.string().min(1).max(256),
  enabled: z.boolean().optional(),
  environment: z.string().nullable().optional(),
  config: z.strictObject({
    frequency: z.union([0, 5, 10, 30, 60, 180, 720, 1_440].map((minutes) => z.literal(minutes))),
  }),
  detectorIds: z.array(z.string()).min(1),
  triggers: z.strictObject({
    logicType: LOGIC,
    conditions: z.array(
      z.strictObject({
        type: z.enum([
          "first_seen_event",
          "issue_resolved_trigger",
          "reappeared_event",
          "regression_event",
        ]),
        comparison: z.literal(true),
        conditionResult: z.literal(true),
      }),
    ),
  }),
  actionFilters: z.array(
    z.strictObject({
      logicType: LOGIC,
      conditions: z.array(z.never()),
      actions: z.array(ACTION).min(1),
    }),
  ),
});

type Body = Record<string, unknown>;
type Named = Body & { id: string; name: string };

/** Gives a monitor as Sentry answers it: the query inside of a subscription, the owner as an object. */
export function answeredMonitor(id: string, body: Body): Named {
  const taken = MONITOR_BODY.parse(body);
  const [source] = taken.dataSources;
  const [type, ownerId] = taken.owner.split(":");
  const { queryType: _, ...query } = source!;
  return {
    ...common(id, taken),
    projectId: "1",
    type: taken.type,
    description: taken.description ?? null,
    workflowIds: [],
    owner: { type, id: ownerId, name: "a team" },
    latestGroup: null,
    openIssues: 0,
    dataSources: [
      {
        id: `${id}1`,
        organizationId: "1",
        type: "snuba_query_subscription",
        sourceId: `${id}2`,
        queryObj: {
          id: `${id}2`,
          status: 0,
          subscription: "1/abc",
          snubaQuery: {
            ...query,
            id: `${id}3`,
            eventTypes: query.eventTypes.toReversed(),
            extrapolationMode: "unknown",
          },
        },
      },
    ],
    conditionGroup: group(id, taken.conditionGroup, []),
    config: { ...taken.config, comparisonDelta: null },
  };
}

/** Gives an alert as Sentry answers it: ids everywhere, another order, and what it fills in. */
export function answeredAlert(id: string, body: Body): Named {
  const taken = ALERT_BODY.parse(body);
  return {
    ...common(id, taken),
    organizationId: "1",
    environment: taken.environment ?? null,
    config: taken.config,
    detectorIds: taken.detectorIds,
    triggers: group(id, taken.triggers, []),
    actionFilters: taken.actionFilters.map((filter) =>
      group(
        id,
        filter,
        filter.actions.map((action) => ({ ...action, config: filledIn(action) })),
      ),
    ),
    lastTriggered: null,
  };
}

function common(
  id: string,
  { name, enabled = true }: { name: string; enabled?: boolean | undefined },
): Named {
  const at = "2026-11-24T00:00:00Z";
  return { id, name, enabled, createdBy: null, dateCreated: at, dateUpdated: at };
}

function group(
  id: string,
  { logicType, conditions }: { logicType: string; conditions: readonly object[] },
  actions: readonly object[],
): Body {
  return {
    id: `${id}4`,
    organizationId: "1",
    logicType,
    conditions: withIds(id, conditions),
    actions: withIds(id, actions),
  };
}

function withIds(id: string, items: readonly object[]): object[] {
  return items.map((item, index) => ({ id: `${id}${index}`, ...item })).toReversed();
}

// The id of a channel by its name, and the name of a service by its id.
function filledIn({ type, config }: z.infer<typeof ACTION>): object {
  if (type === "pagerduty") return { ...config, targetDisplay: "the service's own name" };
  if (type !== "slack" || config.targetIdentifier !== "") return config;
  return {
    ...config,
    targetIdentifier: "C0FOUND",
    targetDisplay: config.targetDisplay.replace("#", ""),
  };
}
