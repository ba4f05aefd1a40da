import { buy, chooseInList, enter } from "../support/fan-page";
import { at, type Scene, Sheets } from "../support/sheet";
import { test } from "../support/test";

test.use({ demo: true });

const speak = (code: string): Scene => (page) =>
  page.evaluate((chosen) => localStorage.setItem("rushline.language", JSON.stringify(chosen)), code);

test("the fans' pages", async ({ browser, server, stage }) => {
  const sale = await stage.sale();
  const [alice, carol] = [await stage.shopper("Alice"), await stage.shopper("Carol")];
  const guests = await Sheets.open(browser, server.url, at("/"));
  await guests.take("fans-home", at("/"));
  await guests.take("fans-events", at("/events"));
  await guests.take("fans-search", async (page) => {
    await at("/events?category=concert&max_price=60")(page);
    await page.getByRole("button", { name: /^Filters/ }).click();
  });
  await guests.take("fans-nothing-found", at("/events?q=xylophone"));
  await guests.take("fans-calendar", at(`/events?view=calendar&month=${monthAhead()}`));
  await guests.take("fans-event", at("/events/5"));
  await guests.take("fans-event-with-line", at("/events/4"));
  await guests.take("fans-event-to-come", at("/events/7"));
  await guests.take("fans-seats", at("/sessions/5"));
  await guests.take("fans-seats-chosen", async (page) => {
    await at("/sessions/5")(page);
    if (await page.getByRole("group", { name: "Row A" }).isHidden()) {
      await page.getByRole("button", { name: "List" }).click();
      await page.getByRole("button", { name: /^Stalls \d/ }).click();
    }
    for (const seat of [3, 5]) await page.getByRole("button", { name: new RegExp(`^Seat ${seat},`) }).first().click();
  });
  await guests.take("fans-standing", at(`/sessions/${await stage.standing()}`));
  await guests.take("fans-sign-in", at("/login"));
  await guests.take("fans-register", at("/register"));
  await guests.take("fans-guest", at(`/guest?next=${encodeURIComponent(`/sessions/${sale.session}`)}`));
  await guests.take("fans-guest-link", at("/guest"));
  await guests.take("fans-not-found", at("/events/999999"));
  await guests.take("fans-arabic", async (page) => {
    await speak("ar")(page);
    await at("/events/5")(page);
    await speak("en")(page);
  });
  await guests.close();

  const fans = await Sheets.open(browser, server.url, (page) => enter(page, carol, "/account"));
  await fans.take("fans-no-tickets", at("/bookings"));
  await fans.close();

  const buyer = await browser.newPage({ baseURL: server.url, locale: "en-GB", reducedMotion: "reduce" });
  await enter(buyer, alice, "/account");
  await buy(buyer, 5, "C", 7);
  const booking = new URL(buyer.url()).pathname;
  await buyer.getByRole("link", { name: "Show code" }).click();
  await buyer.waitForURL((url) => url.pathname.startsWith("/tickets/"));
  const ticket = new URL(buyer.url()).pathname;

  const owners = await Sheets.open(browser, server.url, (page) => enter(page, alice, "/account"));
  await owners.take("fans-account", at("/account"));
  await owners.take("fans-confirmation", at(`${booking}?fresh=true`));
  await owners.take("fans-booking", at(booking));
  await owners.take("fans-cancel", async (page) => {
    await at(booking)(page);
    await page.getByRole("button", { name: "Cancel booking" }).click();
    await page.getByText("You get back").waitFor();
  });
  for (const [name, button] of [
    ["fans-names", "Names on the tickets"],
    ["fans-other-seats", "Other seats"],
  ] as const) {
    await owners.take(name, async (page) => {
      await at(booking)(page);
      await page.getByRole("button", { name: button }).click();
      await page.getByRole("dialog").getByRole("button", { name: /^(Save|Take) / }).waitFor();
    });
  }
  await owners.take("fans-tickets", at("/bookings"));
  await owners.take("fans-ticket", at(ticket));
  await owners.take("fans-ticket-full", async (page) => {
    await at(ticket)(page);
    await page.getByRole("button", { name: "Full screen", exact: true }).click();
  });
  let row = 0;
  await owners.take("fans-checkout", async (page) => {
    await at(`/sessions/${sale.session}`)(page);
    await chooseInList(page, "ABCD".charAt(row++), 2);
    await page.getByRole("button", { name: /^Hold 1 seat/ }).click();
    await page.waitForURL((url) => url.pathname.startsWith("/checkout/"));
  });
  await owners.take("fans-code", async (page) => {
    await page.getByText("Have a promo code?").click();
    await page.getByLabel("Promo code").waitFor();
  });
  await owners.take("fans-offline", async (page) => {
    await at("/bookings")(page);
    await page.context().setOffline(true);
    await page.getByText("No connection. What you see may be out of date.").waitFor();
  });
  await owners.close();
  await buyer.context().close();
});

/** The month after this one: the demo has most of its events there. */
function monthAhead(): string {
  const date = new Date();
  date.setDate(1);
  date.setMonth(date.getMonth() + 1);
  return date.toISOString().slice(0, 7);
}
