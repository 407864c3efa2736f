import { type Boundary, parseBoundary } from "./boundary.ts";
import { lazy } from "./lazy.ts";
import type { Inbound } from "./propagator.ts";
import type { Variable } from "./variable.ts";

const PROPAGATE_TO = "ASSAY_PROPAGATE_TO";
const EXPECTED =
  "HOST, HOST:PORT, .SUFFIX, A.B.C.D/BITS or SYSTEM/QUEUE, with ! before it to deny, and =trace+baggage.NAME behind it";
const INBOUND = ["continue", "link", "ignore"] as const;

/** What is read of the trust boundary, and the boundary that it makes. */
export interface BoundaryConfig {
  propagateTo: string;
  inbound: Inbound;
  boundary: Boundary;
}

export const BOUNDARY_VARIABLES: {
  propagateTo: Variable<string>;
  inbound: Variable<Inbound>;
} = {
  propagateTo: {
    name: PROPAGATE_TO,
    // Its entries are judged one by one. It stays in `env` as it is: without it a child would let more out.
    parse: (text) => text,
    fallback: "",
    expected: EXPECTED,
    about:
      "Hosts that trace headers go to, besides loopback and `.local`, `.internal`, `.svc`, `.cluster.local`; see below.",
  },
  inbound: {
    name: "ASSAY_INBOUND_TRACE",
    parse: (text) => INBOUND.find((mode) => mode === text),
    fallback: "continue",
    expected: "continue, link or ignore",
    about:
      "What becomes of a caller's trace: `link` begins a new one with a link to it and takes no baggage, `ignore` has no link.",
  },
};

/** Makes the boundary; each wrong entry of the list is told in one sentence. */
export function boundaryOf(
  { propagateTo }: Pick<BoundaryConfig, "propagateTo">,
  say: (sentence: string) => void,
): Boundary {
  if (propagateTo === "") {
    // Made for the first request, and not at the start of a process that makes none.
    const made = lazy(() => parseBoundary(""));
    return { allows: (target, key) => made().allows(target, key) };
  }
  return parseBoundary(propagateTo, (entry, consequence) =>
    say(`${PROPAGATE_TO} is wrong at ${JSON.stringify(entry)}; use ${EXPECTED}. ${consequence}`),
  );
}
