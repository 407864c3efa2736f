const http = require("node:http");
const { context, propagation, baggageEntryMetadataFromString } = require("@opentelemetry/api");
const express = require("express");
const fastify = require("fastify");

/** Plants canaries in what the application asks of others, by node:http and by fetch. */
async function plantTraffic(on, { peerUrl, deniedUrl }) {
  const path = ({ compact }) => compact.split("/").map(encodeURIComponent).join("/");
  const query = ({ marker, key, secret }) =>
    `note=${marker}&${encodeURIComponent(key)}=${encodeURIComponent(secret)}`;

  for (const canary of on("http_path")) await get(`${peerUrl}/${path(canary)}`);
  for (const canary of on("http_query")) await get(`${peerUrl}/pay?${query(canary)}`);
  for (const { text } of on("http_query_text"))
    await get(`${peerUrl}/pay?note=${encodeURIComponent(text)}`);
  for (const { text } of on("http_user_agent")) await get(`${peerUrl}/pay`, { "user-agent": text });

  for (const canary of on("fetch_path")) await ask(`${peerUrl}/${path(canary)}`);
  for (const canary of on("fetch_query")) await ask(`${peerUrl}/pay?${query(canary)}`);
  for (const { text } of on("fetch_query_text"))
    await ask(`${peerUrl}/pay?note=${encodeURIComponent(text)}`);
  for (const { text } of on("fetch_user_agent"))
    await ask(`${peerUrl}/pay`, { "user-agent": text });

  for (const { kind, secret, marker, text } of on("baggage")) {
    const baggage = propagation.createBaggage({
      [kind]: { value: secret },
      described: { value: "1", metadata: baggageEntryMetadataFromString(text) },
      note: { value: marker },
    });
    await context.with(propagation.setBaggage(context.active(), baggage), () =>
      all(peerUrl, deniedUrl),
    );
  }
  for (const { secret, marker } of on("baggage_key")) {
    const baggage = propagation.createBaggage({
      [secret]: { value: "1" },
      note: { value: marker },
    });
    await context.with(propagation.setBaggage(context.active(), baggage), () =>
      all(peerUrl, deniedUrl),
    );
  }
}

/** Serves what the test asks for: handlers that pass a request on, and handlers that throw. */
async function serve({ on, peerUrl, deniedUrl, end }) {
  const app = fastify({ forceCloseConnections: true });
  app.get("/relay", async () => {
    await all(peerUrl, deniedUrl);
    return "relayed";
  });
  app.get("/throws/:number", (request) => {
    throw new Error(on("thrown_fastify")[Number(request.params.number)].text);
  });
  app.get("/end", async () => {
    setImmediate(() => end());
    return "ending";
  });
  app.get("/*", async () => "seen");
  const fastifyUrl = await app.listen({ host: "127.0.0.1", port: 0 });

  const web = express();
  web.get("/throws/:number", (request) => {
    throw new Error(on("thrown_express")[Number(request.params.number)].text);
  });
  // Express' own last handler prints the error, which is not telemetry; this one answers and prints nothing.
  web.use((_error, _request, response, _next) => response.status(500).send("failed"));
  const server = await new Promise((resolve) => {
    const listening = web.listen(0, "127.0.0.1", () => resolve(listening));
  });
  return { fastify: fastifyUrl, express: `http://127.0.0.1:${server.address().port}` };
}

async function all(...urls) {
  for (const url of urls.filter(Boolean)) {
    await get(`${url}/relayed`);
    await ask(`${url}/relayed`);
  }
}

function get(url, headers = {}) {
  return new Promise((resolve, reject) => {
    http
      .get(url, { headers }, (response) => response.resume().on("end", resolve))
      .on("error", reject);
  });
}

async function ask(url, headers = {}) {
  const response = await fetch(url, { headers });
  await response.text();
}

module.exports = { plantTraffic, serve };
