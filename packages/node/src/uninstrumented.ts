/**
 * Packages that do what a trace should show, and for which there is no instrumentation here.
 *
 * Of those that work through another that is instrumented, as an ORM over pg, the calls are seen and they are not here.
 */
export const UNINSTRUMENTED: ReadonlySet<string> = new Set(
  [
    "better-sqlite3 sqlite sqlite3 @libsql/client duckdb @duckdb/node-api lmdb level",
    "postgres @prisma/client mariadb ibm_db odbc snowflake-sdk @clickhouse/client neo4j-driver",
    "couchbase @google-cloud/spanner @google-cloud/firestore @google-cloud/bigquery @azure/cosmos",
    "iovalkey @valkey/valkey-glide",
    "bull bullmq bee-queue agenda pg-boss graphile-worker @temporalio/client @temporalio/worker",
    "nats @nats-io/transport-node mqtt rhea stompit zeromq @google-cloud/pubsub @azure/service-bus",
    "kafka-node node-rdkafka @confluentinc/kafka-javascript @platformatic/kafka",
    "ws nodemailer ldapjs ldapts ssh2",
  ].flatMap((names) => names.split(" ")),
);
