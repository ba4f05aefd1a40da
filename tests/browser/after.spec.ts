import { buy, enter, pay } from "./support/fan-page";
import { expect, test } from "./support/test";

test("a ticket that comes back goes to the waiting list's first, who is told her number and buys it", async ({
  browser,
  page,
  server,
  stage,
}) => {
  test.setTimeout(180_000);
  const sale = await stage.sale("Last Call", { rows: 1, columns: 1 });
  const [alice, bob] = [await stage.shopper("Alice"), await stage.shopper("Bob")];
  await enter(page, alice, "/account");
  await buy(page, sale.session, "A", 1);
  const booking = page.url();

  const waiting = await (await browser.newContext({ baseURL: server.url })).newPage();
  await enter(waiting, bob, `/events/${sale.event}`);
  await waiting.getByRole("button", { name: "Join the waiting list" }).click();
  await expect(waiting.getByText("Number 1; 1 person is waiting.")).toBeVisible();

  await page.goto(booking);
  await page.getByRole("button", { name: "Cancel booking" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel booking" }).click();
  await expect(page.getByText("This booking is cancelled")).toBeVisible();

  const offer = waiting.getByRole("link", { name: "Buy them now" });
  await expect(async () => {
    await waiting.reload();
    await expect(offer).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await offer.click();
  await pay(waiting);
  await expect(waiting.getByRole("heading", { level: 1, name: `See you at ${sale.name}` })).toBeVisible();
  await waiting.context().close();
});

test("a holder says whether she comes, and may think again", async ({ page, stage }) => {
  const sale = await stage.sale();
  await enter(page, await stage.shopper("Alice"), "/account");
  await buy(page, sale.session, "A", 2);
  await page.getByRole("link", { name: "Show code" }).click();
  const answers = page.getByRole("group", { name: "Will you come?" });
  await answers.getByRole("button", { name: "Maybe" }).click();
  await expect(answers.getByRole("button", { name: "Maybe" })).toHaveAttribute("aria-pressed", "true");
  await answers.getByRole("button", { name: "I can't come" }).click();
  await page.reload();
  await expect(answers.getByRole("button", { name: "I can't come" })).toHaveAttribute("aria-pressed", "true");
});

test("who was there says how it was, and changes her mind", async ({ page, stage }) => {
  test.setTimeout(240_000);
  const event = await stage.soonOver();
  const alice = await stage.shopper("Alice");
  await stage.buy(alice, event, 1);
  await enter(page, alice, "/bookings");
  await page.getByRole("link", { name: /Short Circuit/i }).click();
  const question = page.getByRole("heading", { name: "How was it?" });
  await expect(async () => {
    await page.reload();
    await expect(question).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 180_000 });

  await page.getByLabel("4 stars of 5").check({ force: true });
  await page.getByLabel(/What was good/).fill("Short, but good.");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("img", { name: "4 stars of 5" })).toBeVisible();
  await page.getByRole("button", { name: "Change my answer" }).click();
  await page.getByLabel("2 stars of 5").check({ force: true });
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.reload();
  await expect(page.getByRole("img", { name: "2 stars of 5" })).toBeVisible();
});
