import type { Arena } from "./arena.ts";
import type { Exports } from "./engine.ts";

/** A key that the engine knows by a number, until it forgets all of them. */
export interface KeyRef {
  id: number;
  /** Kind in the low byte, registry class, action and marker in the others. */
  flags: number;
  generation: number;
  readonly parent: KeyRef | undefined;
  readonly name: string;
  members: Map<string, KeyRef> | undefined;
}

export interface KeyRefs {
  /** The key of an attribute. */
  of(key: string): KeyRef;
  /** The key of a member of the value under `parent`; the parent itself when the member is a part of a secret. */
  member(parent: KeyRef, name: string): KeyRef;
  /** The number by which the engine knows the key now. */
  idOf(ref: KeyRef): number;
  /** Changes when the engine has forgotten its keys, and with it every number. */
  readonly generation: number;
}

const MOST = 8192;
/** Characters of a key; a longer one is not worth remembering. */
export const LONGEST_KEY = 256;

export function createKeyRefs(engine: Exports, arena: Arena): KeyRefs {
  let known = new Map<string, KeyRef>();
  let count = 0;
  let generation = 1;

  const ask = (ref: KeyRef): void => {
    const above = ref.parent === undefined ? 0 : idOf(ref.parent);
    ref.id = engine.key(above, arena.name(ref.name));
    if (ref.id === 0) {
      engine.forget();
      generation++;
      count = 0;
      known = new Map();
      const again = ref.parent === undefined ? 0 : idOf(ref.parent);
      ref.id = engine.key(again, arena.name(ref.name));
      if (ref.id === 0) throw new Error("the engine takes no key");
    }
    ref.generation = generation;
    ref.flags = engine.keyFlags(ref.id);
    ref.members = undefined;
  };
  const idOf = (ref: KeyRef): number => {
    if (ref.generation !== generation) ask(ref);
    return ref.id;
  };
  const make = (parent: KeyRef | undefined, name: string): KeyRef => {
    if (count > MOST) {
      engine.forget();
      generation++;
      count = 0;
      known = new Map();
    }
    const ref: KeyRef = {
      id: 0,
      flags: 0,
      generation: 0,
      parent,
      name,
      members: undefined,
    };
    ask(ref);
    count++;
    return ref;
  };
  return {
    of(key) {
      const old = known.get(key);
      if (old !== undefined) return old;
      const ref = make(undefined, key);
      if (key.length <= LONGEST_KEY) known.set(key, ref);
      return ref;
    },
    member(parent, name) {
      idOf(parent);
      const old = parent.members?.get(name);
      if (old !== undefined) return old;
      const ref = make(parent, name);
      const member = ref.id === parent.id ? parent : ref;
      if (name.length <= LONGEST_KEY && parent.generation === generation) {
        parent.members ??= new Map();
        parent.members.set(name, member);
      }
      return member;
    },
    idOf,
    get generation() {
      return generation;
    },
  };
}
