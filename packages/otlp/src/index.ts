export {
  type Field,
  type FieldType,
  decodeProtobuf,
  type Message,
  ProtobufError,
} from "./protobuf.ts";
export { type Export, formOf, readExport } from "./read-export.ts";
export { type BodyLimits, MAX_BODY_BYTES, readBody, RequestError } from "./request-body.ts";
export { isOtlpPath, type OtlpForm, type OtlpPath, sendExported, sendProblem } from "./response.ts";
export { LOGS_REQUEST, METRICS_REQUEST, TRACES_REQUEST } from "./schema.ts";
