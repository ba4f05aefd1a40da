import type { Page } from "@playwright/test";
import { buy, chooseInList, enter, pay } from "../support/fan-page";
import { at, type Scene, Sheets } from "../support/sheet";
import { expect, test } from "../support/test";

const rows = "ABCD";

test("the line's hand-over, a visit, and what can go wrong", async ({ browser, server, stage, show }) => {
  const people = await Promise.all(["Ada", "Ben", "Cleo", "Dev"].map((name) => stage.shopper(name)));
  let entered = 0;
  const fans = await Sheets.open(browser, server.url, (page) => enter(page, people[entered++]!, "/account"));
  await fans.take("fans-line-needed", async (page) => {
    await at(`/sessions/${show.session}`)(page);
    await page.getByRole("button", { name: "Best 2 seats available" }).click();
    await page.getByRole("dialog").waitFor();
  });
  await fans.take("fans-line", async (page) => {
    // The page leads on as soon as it has an answer.
    await page.route("**/api/v1/rooms/**", () => {});
    await page.goto(`/line/${show.room}`, { waitUntil: "commit" });
    await page.locator("[aria-busy=true]").waitFor();
  }, { isBusy: true });
  await stage.change(show.room, { session_length_s: 170, renewals_max: 1, renewal_s: 600 });
  await fans.take("fans-visit", async (page) => {
    await page.unroute("**/api/v1/rooms/**");
    await page.goto(`/queue/${show.room}`).catch(() => undefined); // The page leads on before it has loaded.
    await page.waitForURL((url) => url.pathname === `/sessions/${show.session}`);
    await page.getByRole("button", { name: "Stay longer" }).waitFor();
  });
  await fans.close();
});

test("somebody was faster, a card is declined", async ({ browser, server, stage }) => {
  const sale = await stage.sale();
  const people = await Promise.all(["Ada", "Ben", "Cleo", "Dev"].map((name) => stage.shopper(name)));
  const quick = await browser.newPage({ baseURL: server.url, reducedMotion: "reduce" });
  await enter(quick, await stage.shopper("Quick"), "/account");
  let entered = 0;
  const fans = await Sheets.open(browser, server.url, (page) => enter(page, people[entered++]!, "/account"));
  let row = 0;
  await fans.take("fans-faster", async (page) => {
    const mine = rows.charAt(row++);
    await page.route("**/stream*", (route) => route.abort());
    await at(`/sessions/${sale.session}`)(page);
    await chooseInList(page, mine, 4);
    await quick.goto(`/sessions/${sale.session}`);
    await chooseInList(quick, mine, 4);
    await quick.getByRole("button", { name: /^Hold 1 seat/ }).click();
    await quick.waitForURL((url) => url.pathname.startsWith("/checkout/"));
    await page.getByRole("button", { name: /^Hold 1 seat/ }).click({ timeout: 3_000 }).catch(() => undefined);
    await page.getByText("Someone was faster").waitFor();
  });
  await fans.take("fans-declined", async (page) => {
    await page.getByRole("button", { name: "Take it instead" }).click();
    await page.waitForURL((url) => url.pathname.startsWith("/checkout/"));
    await pay(page, "4000 0000 0000 0002");
    await page.getByText("Payment failed: Card declined").waitFor();
  });
  await fans.close();
  await quick.context().close();
});

test("a ticket given away, a booking cancelled, a waiting list", async ({ browser, server, stage }) => {
  const sale = await stage.sale();
  const people = await Promise.all(["Ada", "Ben", "Cleo", "Dev"].map((name) => stage.shopper(name)));
  const zoe = await stage.shopper("Zoe");
  let entered = 0;
  const tickets: string[] = [];
  const bookings: string[] = [];
  const givers = await Sheets.open(browser, server.url, async (page) => {
    await enter(page, people[entered]!, "/account");
    await buy(page, sale.session, rows.charAt(entered++), 5);
    bookings.push(new URL(page.url()).pathname);
    await page.getByRole("link", { name: "Show code" }).click();
    await page.waitForURL((url) => url.pathname.startsWith("/tickets/"));
    tickets.push(new URL(page.url()).pathname);
  });
  await givers.take("fans-transfer-give", async (page) => {
    await page.getByRole("button", { name: "Give this ticket to someone" }).click();
    await page.getByLabel("Their e-mail").fill(zoe.email);
  });
  await givers.take("fans-transfer-sent", async (page) => {
    await page.getByRole("button", { name: "Send the offer" }).click();
    await page.getByText(/The ticket is yours until they accept/).first().waitFor();
  });
  await expect.poll(() => server.link(zoe.email, "/transfers/")).not.toBeNull();
  const offer = server.link(zoe.email, "/transfers/")!;
  const strangers = await Sheets.open(browser, server.url, at("/"));
  await strangers.take("fans-transfer-signed-out", at(offer));
  await strangers.close();
  const takers = await Sheets.open(browser, server.url, (page) => enter(page, zoe, "/account"));
  await takers.take("fans-transfer", async (page) => {
    await at(offer)(page);
    await page.getByRole("button", { name: "Take the ticket" }).waitFor();
  });
  await takers.close();
  let cancelled = 0;
  await givers.take("fans-cancelled", async (page) => {
    await at(bookings[cancelled++]!)(page);
    await page.getByRole("button", { name: "Cancel booking" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel booking" }).click();
    await page.getByText("This booking is cancelled").waitFor();
  });
  let dead = 0;
  await givers.take("fans-ticket-dead", (page) => at(tickets[dead++]!)(page));

  const last = await stage.sale("Last Call", { rows: 1, columns: 1 });
  await stage.buy(await stage.shopper("Quick"), last.event, 1);
  await expect.poll(async () => (await stage.event(last.event))["remaining_tickets"]).toBe(0);
  await givers.take("fans-waiting-list", async (page) => {
    await at(`/events/${last.event}`)(page);
    await page.getByRole("button", { name: "Join the waiting list" }).evaluate((button) => button.scrollIntoView({ block: "center" }));
  });
  await givers.take("fans-waiting", joinList);
  await givers.close();
});

const joinList: Scene = async (page) => {
  await page.getByRole("button", { name: "Join the waiting list" }).click();
  await page.getByText(/^Number \d/).waitFor();
};

test("after the end", async ({ browser, server, stage }) => {
  const event = await stage.soonOver();
  const people = await Promise.all(["Ada", "Ben", "Cleo", "Dev"].map((name) => stage.shopper(name)));
  for (const person of people) await stage.buy(person, event, 1);
  let entered = 0;
  const fans = await Sheets.open(browser, server.url, (page) => enter(page, people[entered++]!, "/bookings"));
  await fans.take("fans-feedback", async (page) => {
    await page.getByRole("link", { name: /Short Circuit/i }).click();
    await asked(page);
    await page.getByLabel("4 stars of 5").check({ force: true });
    await page.getByLabel(/What was good/).fill("Short, but good.");
  });
  await fans.take("fans-feedback-given", async (page) => {
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("img", { name: "4 stars of 5" }).waitFor();
  });
  await fans.close();
});

/** Waits until a fan is asked how it was. */
async function asked(page: Page): Promise<void> {
  const question = page.getByRole("heading", { name: "How was it?" });
  await expect(async () => {
    await page.reload();
    await expect(question).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 180_000 });
  await question.evaluate((head) => head.scrollIntoView({ block: "start" }));
}
