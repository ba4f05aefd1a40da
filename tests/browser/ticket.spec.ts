import type { Page } from "@playwright/test";
import { pay, signIn } from "./support/fan-page";
import { readPdf, readPicture } from "./support/paper";
import { QueuePage } from "./support/queue-page";
import { SeatMap } from "./support/seat-map";
import type { Show, Stage } from "./support/stage";
import { expect, test } from "./support/test";

/** Any free seat will do. */
const seat = 12;
const declinedCard = "4000 0000 0000 0002";

test("from the line to a ticket that others can read", async ({ page, browser, server, stage, show }) => {
  const alice = await stage.shopper("Alice");
  await test.step("waits in a moving line", () => waitInLine(page, stage, show));

  const map = await SeatMap.of(page, show.session);
  await test.step("takes a seat, which turns grey for others within a second", async () => {
    const onlooker = await browser.newPage({ baseURL: server.url });
    await onlooker.goto(`/sessions/${show.session}`);
    const otherMap = await SeatMap.of(onlooker, show.session);
    await expect.poll(() => otherMap.isGreen(seat)).toBe(true);
    await otherMap.hover(seat);

    await map.click(seat);
    await page.getByRole("button", { name: /^Hold 1 seat/ }).click();
    await signIn(page, alice);
    const greyAt_ms = firstSight(onlooker, "In someone's basket");
    const held = page.waitForResponse((answer) => answer.url().endsWith("/holds") && answer.status() === 201);
    await page.getByRole("button", { name: /^Hold 1 seat/ }).click();
    const asked_ms = (await held).request().timing().startTime;
    const delay_ms = (await greyAt_ms) - asked_ms;
    test.info().annotations.push({ type: "seat grey elsewhere after", description: `${Math.round(delay_ms)} ms` });
    expect(delay_ms).toBeLessThan(1000);
    await expect.poll(() => otherMap.isGreen(seat)).toBe(false);
    await onlooker.close();
  });

  await test.step("pays, at the second try", async () => {
    await pay(page, declinedCard);
    await expect(page.getByText("Payment failed: Card declined")).toBeVisible();
    await pay(page);
    await expect(page.getByRole("heading", { level: 1, name: `See you at ${show.name}` })).toBeVisible();
  });

  const codes = await test.step("holds a ticket that poppler and zbar can read", async () => {
    await page.getByRole("link", { name: "Show code" }).click();
    const code = await page.getByText(/^TCK-/).first().innerText();
    const onScreen = readPicture(await page.getByRole("img", { name: "QR code of the ticket" }).screenshot());
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "PDF" }).click();
    const pdf = readPdf(await (await saving).path());
    for (const words of [show.name, "The Lantern", "Stalls", map.label(seat), code]) expect(pdf.text).toContain(words);
    expect(pdf.codes).toHaveLength(1);
    expect(onScreen).toEqual(pdf.codes);
    return pdf.codes;
  });

  await test.step("gets in with it, once", async () => {
    const entry = await stage.checkIn(codes[0]!);
    expect(await entry.json()).toMatchObject({ result: "admitted" });
    const again = await stage.checkIn(codes[0]!);
    expect([again.status(), (await again.json()).type]).toEqual([409, "https://rushline.dev/problems/already-used"]);
  });
});

test("on a phone, by the list of seats", async ({ browser, server, stage, show }) => {
  const bob = await stage.shopper("Bob");
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const page = await browser.newPage({ baseURL: server.url, ...phone });
  await page.goto(`/queue/${show.room}`);
  await page.waitForURL((url) => url.pathname === `/sessions/${show.session}`);
  await page.getByRole("button", { name: "List" }).click();
  await page.getByRole("group", { name: "Row A" }).getByRole("button", { name: /^Seat 3,/ }).click();
  await page.getByRole("button", { name: /^Hold 1 seat/ }).click();
  await signIn(page, bob);
  await page.getByRole("button", { name: /^Hold 1 seat/ }).click();
  await pay(page);
  await expect(page.getByRole("heading", { level: 1, name: `See you at ${show.name}` })).toBeVisible();
  await page.getByRole("link", { name: "Show code" }).click();
  await expect(page.getByRole("img", { name: "QR code of the ticket" })).toBeVisible();
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
  await page.close();
});

/** Stands in the line behind others who give up one after another, until the shop's door opens. */
async function waitInLine(page: Page, stage: Stage, show: Show): Promise<void> {
  await stage.steer(show.room, "pause");
  const others = [await stage.fan(show.room), await stage.fan(show.room), await stage.fan(show.room)];
  const queue = await new QueuePage(page).visit(show.room);
  await expect(queue.title()).toHaveText("The line is paused");
  for (const [left, fan] of others.entries()) {
    await expect(queue.position()).toHaveText(String(others.length - left + 1));
    await fan.leave();
  }
  await expect(queue.position()).toHaveText("1");
  await stage.steer(show.room, "resume");
  await page.waitForURL((url) => url.pathname === `/sessions/${show.session}`);
}

/** When a text first stands on a page, in milliseconds since 1970. */
function firstSight(page: Page, text: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (!document.body.innerText.includes(wanted)) return;
          watch.disconnect();
          resolve(Date.now());
        };
        const watch = new MutationObserver(look);
        watch.observe(document.body, { childList: true, subtree: true, characterData: true });
        look();
      }),
    text,
  );
}
