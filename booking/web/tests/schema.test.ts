import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generate } from "../scripts/generate.mjs";

it("the client's types are those of the API: run `npm run generate` when this fails", async () => {
  const committed = readFileSync(new URL("../src/api/schema.ts", import.meta.url), "utf8");
  expect(await generate()).toBe(committed);
}, 60_000);
