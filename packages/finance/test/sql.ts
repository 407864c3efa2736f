import { DatabaseSync } from "node:sqlite";
import { CHECKPOINT_SCHEMA, type Sql } from "../src/index.ts";

/** A database in memory, by the two methods that the package asks for. */
export function sqlInMemory(): Sql {
  const database = new DatabaseSync(":memory:");
  database.exec(CHECKPOINT_SCHEMA);
  // SQLite numbers its placeholders with a question mark.
  const prepare = (text: string) => database.prepare(text.replaceAll(/\$(\d+)/g, "?$1"));
  return {
    execute: async (text, values) => Number(prepare(text).run(...(values as string[])).changes),
    select: async (text, values) => prepare(text).all(...(values as string[])),
  };
}
