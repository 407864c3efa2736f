import { randomBytes } from "node:crypto";
import { CHECKPOINT_SCHEMA } from "@assay/finance";
import { Client, escapeLiteral } from "pg";
import { hashOf, TENANTS } from "./tenants.ts";

const TABLES = `
  create table if not exists tenants (
    id text primary key,
    tier text not null,
    payments_per_month integer not null
  );
  create table if not exists api_keys (hash text primary key, tenant_id text not null references tenants);
  create table if not exists payments (
    id text primary key,
    tenant_id text not null references tenants,
    idempotency_key text not null,
    customer text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency char(3) not null,
    reference text not null,
    status text not null default 'created',
    checkout_request_id text unique,
    result_code text,
    failure_domain text,
    receipt text,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    unique (tenant_id, idempotency_key)
  );
  ${CHECKPOINT_SCHEMA};`;

// Without a tenant in the transaction the setting is null or empty, and no row is anyone's.
const POLICIES = ["payments", "finance_payment_checkpoints"].map(
  (table) => `
  alter table ${table} enable row level security;
  drop policy if exists of_tenant on ${table};
  create policy of_tenant on ${table} using (tenant_id = current_setting('app.tenant_id', true));`,
);

// Five questions have no tenant yet, or have all of them: whose API key it is, whose payment a callback is about
// (Safaricom has no key of ours), what is overdue, what waits, and how much of each subscription is used. Each is a function of the tables' owner, which the
// policies do not bind, and gives no more than its answer. A second role without policies would give every row to
// whoever finds a hole in the service.
const ACROSS_TENANTS = `
  create or replace function tenant_of_key(key_hash text) returns table (id text, tier text)
    language sql stable security definer set search_path = public, pg_temp as $$
      select t.id, t.tier from api_keys k join tenants t on t.id = k.tenant_id where k.hash = key_hash $$;
  create or replace function tenant_of_payment(payment_id text)
    returns table (id text, tier text, checkout_request_id text)
    language sql stable security definer set search_path = public, pg_temp as $$
      select t.id, t.tier, p.checkout_request_id from payments p join tenants t on t.id = p.tenant_id where p.id = payment_id $$;
  create or replace function overdue_payments(age interval, of_tenant text)
    returns table (payment_id text, checkout_request_id text, status text, tenant_id text, tier text)
    language sql stable security definer set search_path = public, pg_temp as $$
      select p.id, p.checkout_request_id, p.status, t.id, t.tier
      from payments p join tenants t on t.id = p.tenant_id
      where p.status in ('processing', 'unknown') and p.checkout_request_id is not null
        and p.created_at < clock_timestamp() - age and (of_tenant is null or of_tenant = t.id)
      order by p.created_at limit 50 $$;
  create or replace function pending_payments()
    returns table (rail text, status text, count bigint, oldest bigint)
    language sql stable security definer set search_path = public, pg_temp as $$
      select c.rail, c.status, count(*), min(c.started_at) from finance_payment_checkpoints c
      where c.status in ('created', 'processing', 'unknown') group by c.rail, c.status $$;
  create or replace function payments_of_month()
    returns table (tenant_id text, tier text, used bigint, allowed integer)
    language sql stable security definer set search_path = public, pg_temp as $$
      select t.id, t.tier, count(p.id), t.payments_per_month from tenants t
      left join payments p on p.tenant_id = t.id and p.created_at >= date_trunc('month', now())
      group by t.id $$;`;

const FUNCTIONS = `tenant_of_key(text), tenant_of_payment(text), overdue_payments(interval, text),
  pending_payments(), payments_of_month()`;

/** The role of the service: it owns nothing and the policies bind it. */
const roleWith = (password: string): string => `
  do $$ begin create role payments_app login nosuperuser nobypassrls;
    exception when duplicate_object then null; end $$;
  alter role payments_app password ${escapeLiteral(password)};
  grant select, insert, update on payments, finance_payment_checkpoints to payments_app;
  revoke execute on function ${FUNCTIONS} from public;
  grant execute on function ${FUNCTIONS} to payments_app;`;

/**
 * Makes tables, policies, functions, the service's role and the example's tenants; run again, it changes the role's
 * password only. Gives the URL that the service connects with.
 */
export async function migrate(ownerUrl: string): Promise<string> {
  const password = randomBytes(18).toString("base64url");
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query([TABLES, ...POLICIES, ACROSS_TENANTS, roleWith(password)].join("\n"));
    for (const { id, tier, apiKey, paymentsPerMonth } of TENANTS) {
      await client.query("insert into tenants values ($1, $2, $3) on conflict do nothing", [
        id,
        tier,
        paymentsPerMonth,
      ]);
      await client.query("insert into api_keys values ($1, $2) on conflict do nothing", [
        hashOf(apiKey),
        id,
      ]);
    }
  } finally {
    await client.end();
  }
  const url = new URL(ownerUrl);
  url.username = "payments_app";
  url.password = password;
  return url.href;
}

// DATABASE_URL=postgres://owner:…@… node src/migrate.ts
if (import.meta.main) console.log(await migrate(process.env.DATABASE_URL ?? ""));
