/** A model that notes what is read of it. */
export interface Watched<Model> {
  model: Model;
  /** Where it has values that nobody has read, as "a.b[0].c"; of an object that nobody has read, only the object. */
  untouched: () => string[];
}

/** Watches a model that a file was parsed to, so that a key that nothing honours can be told by its path. */
export function watch<Model extends object>(model: Model): Watched<Model> {
  const touched = new Set<string>();
  const wrap = <Part extends object>(part: Part, path: string): Part =>
    new Proxy(part, {
      get(target, key, receiver): unknown {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof key === "symbol" || !Object.hasOwn(target, key)) return value;
        const at = join(target, path, key);
        touched.add(at);
        return typeof value === "object" && value !== null ? wrap(value, at) : value;
      },
    });
  const untouchedIn = (part: object, path: string): string[] =>
    Object.entries(part).flatMap(([key, value]: [string, unknown]) => {
      const at = join(part, path, key);
      if (!touched.has(at)) return [at];
      return typeof value === "object" && value !== null ? untouchedIn(value, at) : [];
    });
  return { model: wrap(model, ""), untouched: () => untouchedIn(model, "") };
}

/** Gives a value of a watched model without noting that it was read. */
export function peek(part: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(part, key)?.value;
}

function join(part: object, path: string, key: string): string {
  if (Array.isArray(part)) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}
