import type { Finding } from "./finding.ts";
import type { SourcePlace } from "./source-place.ts";

/** A finding in a file, without what was found. */
export interface Report extends Finding {
  uri: string;
  byteOffset: number;
  byteLength: number;
  start: SourcePlace;
  end: SourcePlace;
  /** The redacted key of the value, where it has one. */
  key?: string;
  /** A keyed hash of what was found; absent for authentication data, which is never hashed. */
  hash?: string;
}

/** The reports as a log of SARIF 2.1.0 (OASIS), whose rules are the engine's detectors. */
export function sarifLog(reports: readonly Report[], version: string): object {
  const ids = [...new Set(reports.map(({ detector }) => detector))].toSorted();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "assay-scan",
            semanticVersion: version,
            rules: ids.map((id) => ({
              id,
              shortDescription: { text: `What the detector ${id} of @assay/redaction finds.` },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: reports.map((report) => resultOf(report, ids.indexOf(report.detector))),
      },
    ],
  };
}

function resultOf(report: Report, ruleIndex: number): object {
  const { uri, byteOffset, byteLength, start, end, key, hash, detector } = report;
  return {
    ruleId: detector,
    ruleIndex,
    level: "error",
    message: { text: sentenceOf(report) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri },
          region: {
            startLine: start.line,
            startColumn: start.column,
            endLine: end.line,
            endColumn: end.column,
            byteOffset,
            byteLength,
          },
        },
        ...(key === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: key }] }),
      },
    ],
    ...(hash === undefined ? {} : { fingerprints: { "hmacSha256/v1": hash } }),
    properties: { class: report.class, action: report.action },
  };
}

/** What was found, in words. */
export function sentenceOf({ class: found, detector, key }: Report): string {
  const where = key === undefined ? "" : ` under the key ${key}`;
  return `${detector} found ${found} data${where}.`;
}
