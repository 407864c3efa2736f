import { ENGINE } from "./generated/engine.ts";
import { bytesOf } from "./base64.ts";

/** How an entry is read: engine/scan.ts has the same numbers. */
export const STRING = 0;
export const NUMBER = 1;
export const PLAIN = 2;
export const AGAIN = 3;

/** What is looked at of one text. */
export const SCANNED = 65_536;

// Of the types of WebAssembly, which come with those of a browser, what is used here.
declare const WebAssembly:
  | {
      Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
      Instance: new (module: object) => { exports: unknown };
    }
  | undefined;

/** The exports of the module; engine/index.ts says what they do. */
export interface Exports {
  memory: { readonly buffer: ArrayBuffer };
  input(bytes: number): number;
  entries(count: number): number;
  key(parent: number, length: number): number;
  keyFlags(id: number): number;
  forget(): void;
  scan(count: number): number;
  /** Scans one value; gives twice the number of findings, and one more for a candidate. */
  look(key: number, offset: number, length: number, form: number): number;
  /** Of tests. */
  filter(isOn: number): void;
  candidates(): number;
  findings(): number;
  texts(): number;
  version(): number;
}

let compiled: object | undefined;
let current: Exports | undefined;

/** The engine, made at its first use; `undefined` where WebAssembly cannot be had. */
export function engine(): Exports | undefined {
  if (current !== undefined) return current;
  if (typeof WebAssembly === "undefined") return undefined;
  compiled ??= new WebAssembly.Module(bytesOf(ENGINE));
  current = new WebAssembly.Instance(compiled).exports as Exports;
  return current;
}

/** The exports of another module of this kind; for tests. */
export function instanceOf(bytes: Uint8Array<ArrayBuffer>): unknown {
  if (typeof WebAssembly === "undefined") throw new Error("There is no WebAssembly here.");
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
}

/** Throws away an engine that trapped: what it had half done must not decide about another value. */
export function discardEngine(): void {
  current = undefined;
}
