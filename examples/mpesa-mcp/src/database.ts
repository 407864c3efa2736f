import { currentTenant, type Sql } from "@assay/finance";
import { escapeLiteral, type Pool, type PoolClient } from "pg";

/** PostgreSQL as one tenant sees it. */
export interface Database {
  /** Runs `work` in a transaction that has the rows of the current tenant only; without a tenant it has none. */
  asTenant<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** The same, a transaction for each statement; for `createPayments`. */
  sql: Sql;
}

/**
 * Makes transactions of the tenant of the context, which row-level security holds to it.
 *
 * Rejects when the role of `pool` may pass by row-level security: then the policies would be decoration.
 */
export async function tenantDatabase(pool: Pool): Promise<Database> {
  const { rows } = await pool.query<{ passes: boolean }>(
    "select rolsuper or rolbypassrls as passes from pg_roles where rolname = current_user",
  );
  if (rows[0]?.passes !== false) throw new Error("the role passes by row-level security");

  async function asTenant<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let isDone = false;
    try {
      // For this transaction only: the next one of this connection may be another tenant's.
      const tenant = escapeLiteral(currentTenant()?.id ?? "");
      await client.query(`begin; set local app.tenant_id = ${tenant}`);
      const value = await work(sqlOf(client));
      await client.query("commit");
      isDone = true;
      return value;
    } finally {
      // A connection in the middle of a transaction is closed, which rolls it back.
      client.release(!isDone);
    }
  }

  return {
    asTenant,
    sql: {
      execute: (statement, values) => asTenant((sql) => sql.execute(statement, values)),
      select: (query, values) => asTenant((sql) => sql.select(query, values)),
    },
  };
}

function sqlOf(client: PoolClient): Sql {
  return {
    execute: async (statement, values) =>
      (await client.query(statement, [...values])).rowCount ?? 0,
    select: async (query, values) =>
      (await client.query<Record<string, unknown>>(query, [...values])).rows,
  };
}
