import type { Page } from "@playwright/test";
import { enter } from "./support/fan-page";
import { admin } from "./support/server";
import { expect, test } from "./support/test";

/** What Chromium has against putting a page on the home screen, and the name it would have there. */
async function asApp(page: Page): Promise<{ name: string; faults: string[] }> {
  const chromium = await page.context().newCDPSession(page);
  const { data, errors } = await chromium.send("Page.getAppManifest");
  const { installabilityErrors } = await chromium.send("Page.getInstallabilityErrors");
  // A test's window is a private one, which installs nothing.
  const faults = installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito");
  return { name: (JSON.parse(data ?? "{}") as { name: string }).name, faults: [...errors.map(({ message }) => message), ...faults] };
}

test("the shop and the gate can be installed, each as an app of its own", async ({ page }) => {
  await page.goto("/events");
  await expect.poll(() => asApp(page)).toEqual({ name: "Rushline", faults: [] });
  await enter(page, admin, "/gate");
  await expect(page.getByRole("heading", { level: 1, name: "Open a gate" })).toBeVisible();
  await expect.poll(() => asApp(page)).toEqual({ name: "Rushline Gate", faults: [] });
});
