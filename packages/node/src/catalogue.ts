import type { Instrumentation } from "@opentelemetry/instrumentation";
import { shieldLoading } from "./shield.ts";

/** Where one of upstream's instrumentations is, and what it is for. */
export interface CatalogueEntry {
  /** The name of its class in its file. */
  exported: string;
  /** Built-in modules and packages that it changes; none when it watches something else. */
  targets: readonly string[];
}

/** Upstream's instrumentations by the names that variables call them; a test holds it to their own definitions. */
export const CATALOGUE: Readonly<Record<string, CatalogueEntry>> = {
  amqplib: { exported: "AmqplibInstrumentation", targets: ["amqplib"] },
  "aws-lambda": { exported: "AwsLambdaInstrumentation", targets: [] },
  "aws-sdk": {
    exported: "AwsInstrumentation",
    targets: [
      "@aws-sdk/middleware-stack",
      "@aws-sdk/smithy-client",
      "@smithy/core",
      "@smithy/middleware-stack",
      "@smithy/smithy-client",
    ],
  },
  bunyan: { exported: "BunyanInstrumentation", targets: ["bunyan"] },
  "cassandra-driver": { exported: "CassandraDriverInstrumentation", targets: ["cassandra-driver"] },
  connect: { exported: "ConnectInstrumentation", targets: ["connect"] },
  cucumber: { exported: "CucumberInstrumentation", targets: ["@cucumber/cucumber"] },
  dataloader: { exported: "DataloaderInstrumentation", targets: ["dataloader"] },
  dns: { exported: "DnsInstrumentation", targets: ["dns", "dns/promises"] },
  express: { exported: "ExpressInstrumentation", targets: ["express"] },
  fs: { exported: "FsInstrumentation", targets: ["fs", "fs/promises"] },
  "generic-pool": { exported: "GenericPoolInstrumentation", targets: ["generic-pool"] },
  graphql: { exported: "GraphQLInstrumentation", targets: ["graphql"] },
  grpc: { exported: "GrpcInstrumentation", targets: ["@grpc/grpc-js"] },
  hapi: { exported: "HapiInstrumentation", targets: ["@hapi/hapi"] },
  "host-metrics": { exported: "HostMetricsInstrumentation", targets: [] },
  http: { exported: "HttpInstrumentation", targets: ["http", "https"] },
  ioredis: { exported: "IORedisInstrumentation", targets: ["ioredis"] },
  kafkajs: { exported: "KafkaJsInstrumentation", targets: ["kafkajs"] },
  knex: { exported: "KnexInstrumentation", targets: ["knex"] },
  koa: { exported: "KoaInstrumentation", targets: ["koa"] },
  "lru-memoizer": { exported: "LruMemoizerInstrumentation", targets: ["lru-memoizer"] },
  memcached: { exported: "MemcachedInstrumentation", targets: ["memcached"] },
  mongodb: { exported: "MongoDBInstrumentation", targets: ["mongodb"] },
  mongoose: { exported: "MongooseInstrumentation", targets: ["mongoose"] },
  mysql: { exported: "MySQLInstrumentation", targets: ["mysql"] },
  mysql2: { exported: "MySQL2Instrumentation", targets: ["mysql2"] },
  "nestjs-core": { exported: "NestInstrumentation", targets: ["@nestjs/core"] },
  net: { exported: "NetInstrumentation", targets: ["net"] },
  openai: { exported: "OpenAIInstrumentation", targets: ["openai"] },
  oracledb: { exported: "OracleInstrumentation", targets: ["oracledb"] },
  pg: { exported: "PgInstrumentation", targets: ["pg", "pg-pool"] },
  pino: { exported: "PinoInstrumentation", targets: ["pino"] },
  redis: {
    exported: "RedisInstrumentation",
    targets: ["redis", "@redis/client", "@node-redis/client"],
  },
  restify: { exported: "RestifyInstrumentation", targets: ["restify"] },
  router: { exported: "RouterInstrumentation", targets: ["router"] },
  "runtime-node": { exported: "RuntimeNodeInstrumentation", targets: [] },
  "socket.io": { exported: "SocketIoInstrumentation", targets: ["socket.io"] },
  tedious: { exported: "TediousInstrumentation", targets: ["tedious"] },
  undici: { exported: "UndiciInstrumentation", targets: [] },
  winston: { exported: "WinstonInstrumentation", targets: ["winston"] },
};

/** Loads the file of an instrumentation, which is a bundle beside this one, and makes it; it works from then on. */
export function makeInstrumentation(name: string, config: object): Instrumentation {
  const file = require(`./instrumentation-${name}.js`) as Record<
    string,
    new (config: object) => Instrumentation
  >;
  const { exported } = CATALOGUE[name]!;
  const Made = file[exported]!;
  const made = new Made(config);
  shieldLoading(name, made);
  return made;
}
