// What a shop's developer would write in Node: Express, Shopify's own library, one durable insert
// for each webhook. It takes whole bodies into one table and answers when the row is committed.
//
// node peer.js PORT SECRET PROCESSES DATABASE (the path of a SQLite file, or a PostgreSQL URL)

import "@shopify/shopify-api/adapters/node";
import cluster from "node:cluster";
import { ApiVersion, shopifyApi } from "@shopify/shopify-api";
import express from "express";

const [port, secret, processes, database] = process.argv.slice(2);
const TABLE = `CREATE TABLE IF NOT EXISTS peer_delivery (
  id TEXT PRIMARY KEY, shop TEXT NOT NULL, topic TEXT NOT NULL, body TEXT NOT NULL,
  received_at TEXT NOT NULL)`;
const INSERT = "INSERT INTO peer_delivery VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";

async function sqlite(path) {
  const { default: Database } = await import("better-sqlite3");
  const connection = new Database(path, { timeout: 15000 });
  connection.pragma("journal_mode = WAL");
  connection.pragma("synchronous = FULL");
  connection.exec(TABLE);
  const insert = connection.prepare(INSERT.replace(/\$\d/g, "?"));
  return async (row) => insert.run(...row);
}

async function postgres(url) {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  // Two processes that begin at once would both find no table.
  await pool.query(`SELECT pg_advisory_lock(7); ${TABLE}; SELECT pg_advisory_unlock(7)`);
  return (row) => pool.query({ name: "insert", text: INSERT, values: row });
}

async function serve() {
  const write = await (database.startsWith("postgres") ? postgres : sqlite)(database);
  const shopify = shopifyApi({
    apiKey: "benchmark",
    apiSecretKey: secret,
    apiVersion: ApiVersion.October25,
    hostName: "127.0.0.1",
    isEmbeddedApp: true,
    scopes: ["read_orders"],
    logger: { level: 0 },
  });
  const app = express();
  app.get("/healthz", (_, response) => response.send("ok"));
  app.post("/webhooks", express.text({ type: "*/*", limit: "5mb" }), async (request, response) => {
    const told = await shopify.webhooks.validate({
      rawBody: request.body,
      rawRequest: request,
      rawResponse: response,
    });
    if (!told.valid) {
      response.status(401).end();
      return;
    }
    const received = new Date().toISOString();
    await write([told.webhookId, told.domain, told.topic, request.body, received]);
    response.status(200).end();
  });
  app.listen(Number(port), "127.0.0.1");
}

if (cluster.isPrimary) {
  for (let count = 0; count < Number(processes); count += 1) cluster.fork();
  process.on("SIGTERM", () => process.exit(0));
} else {
  await serve();
}
