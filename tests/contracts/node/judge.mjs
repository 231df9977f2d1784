// Shopify's Node library as a judge: one question a line on stdin, one verdict a line on stdout.
import { webcrypto } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

globalThis.crypto ??= webcrypto;
// From where tools/judges has installed it.
const theirs = createRequire(`${process.argv[2]}/package.json`);
theirs("@shopify/shopify-api/adapters/node");
const { shopifyApi, LogSeverity } = theirs("@shopify/shopify-api");
const { createSHA256HMAC } = theirs("@shopify/shopify-api/runtime");
const main = theirs.resolve("@shopify/shopify-api");
const { generateLocalHmac } = theirs(join(dirname(main), "utils", "hmac-validator.js"));
const { SignJWT } = createRequire(main)("jose");

const SECRET = process.argv[3];
const shopify = shopifyApi({
  apiKey: process.argv[4],
  apiSecretKey: SECRET,
  apiVersion: "2026-07",
  hostName: "app.stamkunde.example",
  isEmbeddedApp: true,
  logger: { level: LogSeverity.Error, log: () => {} },
});

const hmacOf = generateLocalHmac(shopify.config);

// A query as a server hands it over: a name that comes twice becomes a list.
const parsed = (text) => {
  const found = {};
  for (const [name, value] of new URLSearchParams(text)) {
    found[name] = name in found ? [found[name], value].flat() : value;
  }
  return found;
};

const rulings = {
  async webhook({ headers, body }) {
    const rawRequest = { method: "POST", url: "/webhooks", headers };
    const ruling = await shopify.webhooks.validate({
      rawBody: body,
      rawRequest,
      rawResponse: {},
    });
    return ruling.valid;
  },
  link: ({ query }) => shopify.utils.validateHmac(parsed(query)),
  proxy: ({ query }) => shopify.utils.validateHmac(parsed(query), { signator: "appProxy" }),
  session_token: async ({ token }) => Boolean(await shopify.session.decodeSessionToken(token)),
  shop: ({ domain }) => shopify.utils.sanitizeShop(domain) === domain,

  // What the library signs by itself, for us to judge.
  sign_webhook: ({ body }) => createSHA256HMAC(SECRET, body, "base64"),
  async sign_link({ query }) {
    const signed = new URLSearchParams(query);
    signed.set("hmac", await hmacOf(parsed(query), "admin"));
    return signed.toString();
  },
  async sign_proxy({ query }) {
    const signed = new URLSearchParams(query);
    signed.append("signature", await hmacOf(parsed(query), "appProxy"));
    return signed.toString();
  },
  sign_session_token: ({ claims }) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .sign(new TextEncoder().encode(SECRET)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { kind, ...question } = JSON.parse(line);
  let verdict;
  try {
    verdict = await rulings[kind](question);
  } catch {
    verdict = false;
  }
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
}
