// Writes src/api/schema.ts from the API's own description, booking/openapi.json: `npm run generate`.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const description = new URL("../../openapi.json", import.meta.url);
const schema = new URL("../src/api/schema.ts", import.meta.url);

/** The types as text. Operations are written out under their paths: we call paths, and need no second name for them. */
export async function generate() {
  const document = JSON.parse(await readFile(description, "utf8"));
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) delete operation.operationId;
  }
  const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
  return `// Made from booking/openapi.json by \`npm run generate\`; changes here are lost.\n\n${types}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(schema, await generate());
