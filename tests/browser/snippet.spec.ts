import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { Fan } from "./support/stage";
import { expect, test } from "./support/test";

/** The example as it stands, on a page of somebody's own beside the waiting room. */
const snippet = readFileSync("../../examples/behind-the-room/snippet/line.js", "utf8");

async function ownPage(page: Page, room: string): Promise<void> {
  await page.route("**/line.js", (route) => route.fulfill({ body: snippet, contentType: "text/javascript" }));
  await page.route("**/own-page", (route) =>
    route.fulfill({ body: `<!doctype html><title>Own</title><script src="/line.js" data-room="${room}"></script><h1>My shop</h1>`, contentType: "text/html" }),
  );
}

/** Who the admission is of. */
const placeOf = (token: string): string => JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()).sub;

test("a page with the snippet sends visitors to the line, and back to it when their time is up", async ({ page, stage, show }) => {
  await ownPage(page, show.room);
  await stage.steer(show.room, "pause");
  await page.goto("/own-page");
  await page.waitForURL(`**/queue/${show.room}`);

  // The queue page would go in by itself.
  await page.goto("about:blank");
  await stage.steer(show.room, "resume");
  const fan = await Fan.join(page.request, show.room);
  const admission = await fan.admission();
  await page.goto(`/own-page#admission=${admission}`);
  await expect(page.getByRole("heading", { name: "My shop" })).toBeVisible();
  const asks = page.waitForResponse("**/api/v1/admission/check?**");
  await page.reload();
  expect((await asks).status()).toBe(204);
  expect(new URL(page.url()).hash, "the token is not left in the address").toBe("");

  await stage.revoke(show.room, placeOf(admission));
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.waitForURL(`**/queue/${show.room}`);
});

test("a page with the snippet stays where the waiting room can't be asked", async ({ page, show }) => {
  await ownPage(page, show.room);
  await page.route("**/api/v1/admission/check?**", (route) => route.abort());
  const asked = page.waitForRequest("**/api/v1/admission/check?**");
  await page.goto("/own-page");
  await asked;
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  expect(page.url()).toContain("/own-page");
});
