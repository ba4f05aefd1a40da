import type { Page } from "@playwright/test";
import { buy, enter } from "./support/fan-page";
import { axe, expect, test } from "./support/test";

/** How a page is looked at: each page in each of these. */
const looks = [
  { name: "a desk by day", size: { width: 1280, height: 800 }, scheme: "light", language: "en" },
  { name: "a phone by night, in Arabic", size: { width: 390, height: 844 }, scheme: "dark", language: "ar" },
] as const;

for (const { name, size, scheme, language } of looks) {
  test(`every page of the fans is free of faults that axe can find: ${name}`, async ({ page, stage }) => {
    test.slow();
    const sale = await stage.sale();
    const show = await stage.show();
    await enter(page, await stage.shopper("Alice"), "/account");
    await buy(page, sale.session, "A", 1);
    const booking = new URL(page.url()).pathname;
    await page.getByRole("link", { name: "Show code" }).click();
    await page.waitForURL((url) => url.pathname.startsWith("/tickets/"));
    const ticket = new URL(page.url()).pathname;

    await page.evaluate((chosen) => localStorage.setItem("rushline.language", JSON.stringify(chosen)), language);
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize(size);
    const paths = [
      "/",
      "/events",
      "/events?q=nothing-is-called-so",
      "/events?view=calendar&month=2099-06",
      `/events/${sale.event}`,
      `/events/${show.event}`,
      `/sessions/${sale.session}`,
      booking,
      "/bookings",
      ticket,
      "/account",
      "/login",
      "/register",
      "/guest",
      "/forgot-password",
      "/reset-password?token=x",
      "/verify-email?token=x",
      "/transfers/00000000-0000-0000-0000-000000000000?token=x",
      "/events/999999",
    ];
    for (const path of paths) {
      await page.goto(path);
      await settled(page);
      expect.soft(await axe(page), path).toEqual([]);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(sideways, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
    }

    await page.goto(`/sessions/${sale.session}`);
    await page.getByRole("group").first().getByRole("button").nth(1).click();
    await expect(page.getByRole("application")).toBeHidden();
    expect.soft(await axe(page), "the list of seats").toEqual([]);
    await page.getByRole("button", { name: /\b2\b.*(Stalls|\$50|50 US\$)/ }).first().click();
    expect.soft(await axe(page), "a seat chosen").toEqual([]);
    await page.locator("aside button:visible").last().click();
    await page.waitForURL((url) => url.pathname.startsWith("/checkout/"));
    await settled(page);
    expect.soft(await axe(page), "checkout").toEqual([]);
  });
}

/** Nothing is being fetched any more: the page shows what it is about, not its skeleton. */
async function settled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor({ state: "attached" });
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}
