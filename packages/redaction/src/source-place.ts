/** Where a byte stands, as editors count: lines and UTF-16 columns from 1. */
export interface SourcePlace {
  line: number;
  column: number;
}

/** Tells where bytes of a document stand; quick when they are asked for in their order. */
export function createPlaces(bytes: Buffer): (offset: number) => SourcePlace {
  let at = 0;
  let line = 1;
  let column = 1;
  return (offset) => {
    if (offset < at) {
      at = 0;
      line = 1;
      column = 1;
    }
    for (let newline = bytes.indexOf(10, at); newline >= 0 && newline < offset;) {
      at = newline + 1;
      line++;
      column = 1;
      newline = bytes.indexOf(10, at);
    }
    column += bytes.toString("utf8", at, offset).length;
    at = offset;
    return { line, column };
  };
}
