// Shopify's own theme checker as a judge: what it finds in the extension's folder, one line each.
import { createRequire } from "node:module";

const [, , judges, folder] = process.argv;
const { themeCheckRun } = createRequire(`${judges}/package.json`)("@shopify/theme-check-node");
const ruling = await themeCheckRun(folder, "theme-check:theme-app-extension", () => {});
const found = ruling.offenses.map(({ check, uri, message }) => ({
  check,
  file: uri.slice(uri.lastIndexOf("/") + 1),
  message,
}));
console.log(JSON.stringify({ files: ruling.theme.length, found }));
