import type { Browser, Page } from "@playwright/test";
import { buy, chooseInList, enter, pay } from "./support/fan-page";
import { expect, test } from "./support/test";

const holdButton = /^Hold 1 seat/;

test("two browsers want the last good seat: one has it, the other gets its neighbour in one press", async ({
  browser,
  server,
  stage,
}) => {
  const sale = await stage.sale("Last Call", { rows: 1, columns: 2 });
  const pages = await Promise.all(
    ["Alice", "Bob"].map(async (name) => {
      const page = await newPage(browser, server.url);
      await enter(page, await stage.shopper(name), `/sessions/${sale.session}`);
      await chooseInList(page, "A", 1);
      return page;
    }),
  );
  await Promise.all(pages.map((page) => page.getByRole("button", { name: holdButton }).click().catch(() => undefined)));

  const isAtCheckout = (page: Page) => new URL(page.url()).pathname.startsWith("/checkout/");
  await expect.poll(() => pages.filter(isAtCheckout).length).toBe(1);
  const loser = pages.find((page) => !isAtCheckout(page))!;
  await expect(loser.getByText("Someone was faster")).toBeVisible();
  await loser.getByRole("button", { name: "Take it instead" }).click();
  await loser.waitForURL((url) => url.pathname.startsWith("/checkout/"));

  for (const page of pages) {
    await pay(page);
    await expect(page.getByRole("heading", { level: 1, name: `See you at ${sale.name}` })).toBeVisible();
  }
  const third = await newPage(browser, server.url);
  await third.goto(`/sessions/${sale.session}`);
  await expect(third.getByText("No seat is free right now")).toBeVisible();
  await Promise.all([...pages, third].map((page) => page.context().close()));
});

test("cancelling says what comes back, then gives it back, and the seat is sold again", async ({ page, stage }) => {
  const sale = await stage.sale();
  await enter(page, await stage.shopper("Alice"), "/account");
  await buy(page, sale.session, "A", 3);
  await page.goto("/bookings");
  await page.getByRole("link", { name: new RegExp(sale.name, "i") }).click();

  await page.getByRole("button", { name: "Cancel booking" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel this booking?" });
  await expect(dialog.getByText("$50.00", { exact: true })).toBeVisible();
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole("button", { name: "Cancel booking" }).click();
  await dialog.getByRole("button", { name: "Cancel booking" }).click();
  await expect(page.getByText("$50.00 goes back to your card.")).toBeVisible();
  await page.goto(`/sessions/${sale.session}`);
  await chooseInList(page, "A", 3);
  await expect(page.getByRole("button", { name: holdButton })).toBeEnabled();
});

test("a ticket given away: the giver's code dies, the other's lives", async ({ page, browser, server, stage }) => {
  const sale = await stage.sale();
  const [alice, bob] = [await stage.shopper("Alice"), await stage.shopper("Bob")];
  await enter(page, alice, "/account");
  await buy(page, sale.session, "A", 4);
  await page.getByRole("link", { name: "Show code" }).click();
  await page.getByRole("button", { name: "Give this ticket to someone" }).click();
  await page.getByLabel("Their e-mail").fill(bob.email);
  await page.getByRole("button", { name: "Send the offer" }).click();
  await expect(page.getByText(/The ticket is yours until they accept/)).toBeVisible();

  await expect.poll(() => server.link(bob.email, "/transfers/")).not.toBeNull();
  const other = await newPage(browser, server.url);
  await enter(other, bob, "/account");
  await other.goto(server.link(bob.email, "/transfers/")!);
  await expect(other.getByRole("heading", { name: sale.name })).toBeVisible();
  await other.getByRole("button", { name: "Take the ticket" }).click();
  await expect(other.getByRole("img", { name: "QR code of the ticket" })).toBeVisible();

  await page.reload();
  await expect(page.getByText("This ticket doesn't open the door any more.")).toBeVisible();
  await other.context().close();
});

test("an opened ticket shows its code without a network, until its owner signs out", async ({ page, stage }) => {
  const sale = await stage.sale();
  await enter(page, await stage.shopper("Alice"), "/account");
  await buy(page, sale.session, "B", 2);
  await page.getByRole("link", { name: "Show code" }).click();
  const code = page.getByRole("img", { name: "QR code of the ticket" });
  await expect(code).toBeVisible();
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration("/tickets/");
    const worker = registration?.installing ?? registration?.waiting;
    if (!worker) return;
    await new Promise<void>((resolve) => {
      worker.addEventListener("statechange", () => {
        if (worker.state === "activated") resolve();
      });
    });
  });

  await page.context().setOffline(true);
  await page.reload();
  await expect(code).toBeVisible();
  await expect(page.getByText("No connection. What you see may be out of date.")).toBeVisible();
  await page.context().setOffline(false);

  await page.goto("/account");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("ticket")))).toEqual([]);
});

test("a language is chosen once and kept, with its direction", async ({ page, stage }) => {
  const sale = await stage.sale();
  await page.goto(`/events/${sale.event}`);
  await page.getByLabel("Language").selectOption("ar");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.getByRole("heading", { name: "التذاكر" })).toBeVisible();
  await expect(page.getByLabel("اللغة")).toBeFocused();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "ar");
  await page.getByLabel("اللغة").selectOption("de");
  await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
  await expect(page.getByRole("link", { name: "Plätze wählen" }).first()).toBeVisible();
});

const newPage = async (browser: Browser, baseURL: string): Promise<Page> =>
  (await browser.newContext({ baseURL, reducedMotion: "reduce", locale: "en-GB" })).newPage();
