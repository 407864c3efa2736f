// An engine with the real one's interface that finds fixed texts, and traps, which the real one does not. Rebuild:
//   cp fake.as /tmp/fake.ts && npx asc /tmp/fake.ts --runtime stub --use abort= -O3 --noAssert -o fake.wasm

const ROOM: u32 = 64; // keys
let inputAt: usize = 0;
let entriesAt: usize = 0;
const findingsAt: usize = heap.alloc(1 << 20);
const textsAt: usize = heap.alloc(1 << 16);
let textsEnd: u32 = 0;
let found: u32 = 0;
let keys: u32 = 0;
const flags = new StaticArray<u32>(65);

export function version(): u32 { return 1; }
export function input(bytes: u32): u32 { inputAt = heap.alloc(bytes + 64); return <u32>inputAt; }
export function entries(count: u32): u32 { entriesAt = heap.alloc(count * 16); return <u32>entriesAt; }
export function candidates(): u32 { return found; }
export function findings(): u32 { return <u32>findingsAt; }
export function texts(): u32 { return <u32>textsAt; }
export function forget(): void { keys = 0; }
export function keyFlags(id: u32): u32 { return id <= ROOM ? flags[id] : 0; }

export function key(parent: u32, length: u32): u32 {
  if (is(inputAt, length, "trap key")) unreachable();
  if (parent !== 0 && (flags[parent] & 0xff) === 1) return parent;
  if (keys === ROOM) return 0;
  keys++;
  let flag: u32 = 0;
  if (is(inputAt, length, "pin")) flag = 8;
  if (is(inputAt, length, "password")) flag = 1;
  if (is(inputAt, length, "phone")) flag = 13;
  if (is(inputAt, length, "span_id")) flag = 16;
  if (is(inputAt, length, "denied")) flag = (2 << 8) | (3 << 16);
  if (is(inputAt, length, "person")) flag = (2 << 8) | (5 << 16) | (2 << 24);
  if (is(inputAt, length, "kept")) flag = (6 << 8) | (1 << 16);
  flags[keys] = flag;
  return keys;
}

export function scan(count: u32): u32 {
  found = 0;
  textsEnd = 0;
  for (let entry: u32 = 0; entry < count; entry++) {
    const row = entriesAt + entry * 16;
    const id = load<u32>(row);
    const at = inputAt + load<u32>(row, 4);
    const length = load<u32>(row, 8);
    const form = load<u32>(row, 12);
    const flag: u32 = form === 2 ? 0 : flags[id];
    if ((flag >> 16 & 0xff) === 3) { add(entry, 0, length, 2, 1, 1, 17, "", ""); continue; }
    if ((flag >> 16 & 0xff) === 5 && !is(at, length, "[id]") && !(length > 3 && is(at, 3, "p1."))) {
      add(entry, 0, length, 2, 2, 2, 17, "[id]", form === 1 ? "254700000000" : "canonical");
      continue;
    }
    if ((flag & 0xff) === 8 && !is(at, length, "[sad]")) { add(entry, 0, length, 5, 1, 5, 8, "", ""); continue; }
    if ((flag & 0xff) === 1 && !is(at, length, "[credential]")) { add(entry, 0, length, 4, 2, 4, 1, "[credential]", ""); continue; }
    const most: u32 = 65536;
    for (let start: u32 = 0; start < (length > most ? most - 1024 : length); ) {
      const left = length - start;
      const here = at + start;
      if (begins(here, left, "4111111111111111")) { add(entry, start, start + 16, 3, 3, 3, 19, "411111******1111", ""); start += 16; }
      else if (begins(here, left, "jane@example.com")) { add(entry, start, start + 16, 2, 2, 6, 21, "[email]", ""); start += 16; }
      else if (begins(here, left, "<>")) { add(entry, start, start + 2, 1, 2, 1, 21, "", ""); start += 2; }
      else if (begins(here, left, "drop it")) { add(entry, start, start + 7, 5, 1, 5, 23, "", ""); start = length; }
      else if (begins(here, left, "outside")) { add(entry, start, length + 9, 1, 2, 1, 21, "", ""); start = length; }
      else if (begins(here, left, "trap now")) unreachable();
      else start++;
    }
    if (length > most) add(entry, most - 1024, length, 4, 2, 1, 18, "[removed]", "");
  }
  return found;
}

function is(at: usize, length: u32, text: string): bool {
  return length === <u32>text.length && begins(at, length, text);
}

function begins(at: usize, length: u32, text: string): bool {
  if (length < <u32>text.length) return false;
  for (let i = 0; i < text.length; i++) if (load<u8>(at + i) !== <u8>text.charCodeAt(i)) return false;
  return true;
}

function add(entry: u32, start: u32, end: u32, dataClass: u32, action: u32, marker: u32, detector: u32, replacement: string, canonical: string): void {
  const row = findingsAt + found * 32;
  found++;
  store<u32>(row, entry);
  store<u32>(row, start, 4);
  store<u32>(row, end, 8);
  store<u32>(row, dataClass | (action << 8) | (marker << 16) | (detector << 24), 12);
  store<u32>(row, put(replacement), 16);
  store<u32>(row, replacement.length, 20);
  store<u32>(row, put(canonical), 24);
  store<u32>(row, canonical.length, 28);
}

function put(text: string): u32 {
  const at = textsEnd;
  for (let i = 0; i < text.length; i++) store<u8>(textsAt + at + i, <u8>text.charCodeAt(i));
  textsEnd += text.length;
  return at;
}
