export { startErrorClient } from "./error-client.ts";
export type { CaptureHint, ErrorClient, ErrorClientOptions } from "./error-client.ts";
export { createErrorBridge } from "./bridge-server.ts";
export type { ErrorBridge, ErrorBridgeOptions } from "./bridge-server.ts";
export { describe as describeError, errorEventId } from "./event-id.ts";
export type { ErrorIdentity } from "./event-id.ts";
export { recordExceptionBridge } from "./exception-bridge.ts";
export { sentryTracePropagator } from "./sentry-propagator.ts";
