import { expect, test } from "./support/test";

test.use({ demo: true });

test("the demo has events to look at and a line to stand in", async ({ page, server }) => {
  await page.goto("/events");
  await expect(page.getByRole("link", { name: /Rock Night/ }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: /Tech Conference/ }).first()).toBeVisible();
  await page.goto("/queue/rush-night");
  await page.waitForURL((url) => url.origin === server.url && !url.pathname.startsWith("/queue"));
});
