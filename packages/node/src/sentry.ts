// What the preload needs of Sentry, as one file that is loaded with a DSN or for the first sentry-trace header.
export { recordExceptionBridge, sentryTracePropagator, startErrorClient } from "@assay/sentry";
