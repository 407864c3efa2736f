const { Client } = require("pg");

/** Plants canaries in SQL text and in what PostgreSQL answers to wrong SQL. */
async function plantSql(on, connectionString) {
  const client = new Client({ connectionString });
  await client.connect();
  // The marker is a name, because of a statement no literal leaves.
  for (const { text, marker } of on("sql_text")) {
    await client.query(`SELECT ${client.escapeLiteral(text)} AS "${marker}"`);
  }
  for (const { key, secret, marker } of on("sql_condition")) {
    const column = key.split(".")[1];
    await client.query(
      `WITH customers(${column}) AS (VALUES ('x')) SELECT 1 AS "${marker}" FROM customers WHERE ${column} = '${secret}'`,
    );
  }
  for (const { text } of on("sql_parameter")) await client.query("SELECT $1::text AS note", [text]);
  for (const { text } of on("sql_error")) {
    // PostgreSQL repeats the parameter: invalid input syntax for type integer: "…".
    await expectError(client.query("SELECT $1::integer", [text]));
  }
  await client.end();
}

async function expectError(promise) {
  const failed = await promise.then(
    () => false,
    () => true,
  );
  if (!failed) throw new Error("The wrong SQL was accepted.");
}

module.exports = { plantSql };
