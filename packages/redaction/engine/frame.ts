// UUIDs and trace parents. They contain digit groups that can pass for anything, so these are passed over.

import { isDigit, isHex } from "./ascii";
import * as view from "./view";

const UUID: i32 = 36;
const TRACE_PARENT: i32 = 55;

let frameStart: i32 = 0;
/** Where the frame ends that was looked at last. */
export let frameEnd: i32 = 0;

/** Begins a text. */
export function resetFrames(): void {
  frameStart = 0;
  frameEnd = 0;
}

/** Whether the character is in a frame. To be asked from left to right. */
export function isFramed(at: i32): bool {
  return at >= frameStart && (at < frameEnd || findFrame(at));
}

// The first dash of a UUID stands eight after its beginning, that of a trace parent two.
function findFrame(at: i32): bool {
  if (view.length < UUID) return false;
  const last = min(view.length - 1, at + 8);
  for (let dash = max(frameEnd, at - 52); dash <= last; dash++) {
    if (load<u8>(view.text + dash) !== 45) continue;
    if (holds(dash - 8, UUID, at) && isUuid(dash - 8)) return setFrame(dash - 8, UUID);
    if (holds(dash - 2, TRACE_PARENT, at) && isTraceParent(dash - 2))
      return setFrame(dash - 2, TRACE_PARENT);
  }
  return false;
}

function holds(start: i32, size: i32, at: i32): bool {
  return start >= frameEnd && start <= at && start + size > at;
}

function setFrame(start: i32, size: i32): bool {
  frameStart = start;
  frameEnd = start + size;
  return true;
}

function isUuid(start: i32): bool {
  return (
    isHexRun(start, 8, false) &&
    view.at(start + 8) === 45 &&
    isHexRun(start + 9, 4, false) &&
    view.at(start + 13) === 45 &&
    isHexRun(start + 14, 4, false) &&
    view.at(start + 18) === 45 &&
    isHexRun(start + 19, 4, false) &&
    view.at(start + 23) === 45 &&
    isHexRun(start + 24, 12, false) &&
    !isHex(view.at(start - 1)) &&
    !isHex(view.at(start + 36))
  );
}

function isTraceParent(start: i32): bool {
  return (
    isHexRun(start, 2, true) &&
    view.at(start + 2) === 45 &&
    isHexRun(start + 3, 32, true) &&
    view.at(start + 35) === 45 &&
    isHexRun(start + 36, 16, true) &&
    view.at(start + 52) === 45 &&
    isHexRun(start + 53, 2, true) &&
    !isHex(view.at(start - 1)) &&
    !isHex(view.at(start + 55))
  );
}

function isHexRun(start: i32, size: i32, isLower: bool): bool {
  for (let index = start; index < start + size; index++) {
    const byte = view.at(index);
    if (!isHex(byte) || (isLower && byte < 97 && !isDigit(byte))) return false;
  }
  return true;
}
