import { enter } from "../support/fan-page";
import { demoAdmin } from "../support/server";
import { at, type Scene, Sheets } from "../support/sheet";
import type { Stage } from "../support/stage";
import { test } from "../support/test";

test.use({ demo: true });

/** The demo's organiser, and its event that has a room. */
const bob = { email: "bob@events.com", password: "rushline-demo" };
const rushNight = 4;

/** Some tickets of several events, and people in the line. */
async function sell(stage: Stage): Promise<void> {
  for (const [index, name] of ["Ada", "Ben", "Cleo", "Dev", "Eli", "Fay"].entries()) {
    const buyer = await stage.shopper(name);
    for (const event of [1, 3, 5, 6, 9]) await stage.buy(buyer, event, 1 + ((index + event) % 4));
  }
  await stage.steer("rush-night", "pause");
  for (let fans = 0; fans < 40; fans++) await stage.fan("rush-night");
}

/** Long enough for the live charts to have begun. */
const begun: Scene = async (page) => {
  await page.waitForFunction(() => !document.body.innerText.includes("The line begins in a moment."));
};

test("the console's pages", async ({ browser, server, stage }) => {
  await sell(stage);
  const admins = await Sheets.open(browser, server.url, (page) => enter(page, demoAdmin, "/organise"));
  await admins.take("console-overview", async (page) => {
    await at("/organise")(page);
    await begun(page);
  });
  await admins.take("console-people", at("/organise/people"));
  await admins.take("console-audit", at("/organise/audit"));
  await admins.take("console-jobs", at("/organise/jobs"));
  await admins.take("console-jobs-none", at("/organise/jobs?status=dead"));
  await admins.take("console-server", async (page) => {
    await at("/organise")(page);
    await begun(page);
    await page.getByRole("heading", { name: "The server" }).scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  });
  await admins.close();

  const organisers = await Sheets.open(browser, server.url, (page) => enter(page, bob, "/organise"));
  await organisers.take("console-events", at("/organise/events"));
  await organisers.take("console-event", at("/organise/events/5"));
  await organisers.take("console-attendees", async (page) => {
    await at("/organise/events/5")(page);
    await page.getByRole("heading", { name: "Attendees" }).waitFor();
    await page.getByLabel("Search attendees").evaluate((field) => field.scrollIntoView({ block: "start" }));
  });
  await organisers.take("console-take-back", async (page) => {
    await at("/organise/events/5")(page);
    await page.getByRole("button", { name: /^Cancel the booking of/ }).first().click();
    await page.getByRole("dialog").waitFor();
  });
  await organisers.take("console-event-cancel", async (page) => {
    await at("/organise/events/5")(page);
    await page.getByRole("button", { name: "Cancel event" }).click();
    await page.getByText("is paid back").waitFor();
  });
  await organisers.take("console-event-change", at(`/organise/events/${rushNight}/edit`));
  await organisers.take("console-fees", async (page) => {
    await at(`/organise/events/${rushNight}/edit`)(page);
    await page.getByRole("button", { name: "Tax", exact: true }).click();
    await page.getByRole("heading", { name: "Fees and taxes" }).evaluate((head) => head.scrollIntoView({ block: "start" }));
  });
  await organisers.take("console-venues", at("/organise/venues"));
  await organisers.take("console-import", async (page) => {
    await at("/organise/venues")(page);
    await page.getByRole("link", { name: "Import a plan" }).first().click();
    await page.getByLabel("Name of the plan").waitFor();
  });
  await organisers.take("console-plan-edit", async (page) => {
    await at("/organise/venues")(page);
    await page.getByRole("link", { name: /^Edit / }).first().click();
    await page.getByRole("heading", { level: 1 }).waitFor();
  });
  await organisers.take("console-webhooks", at("/organise/webhooks"));
  await organisers.take("console-webhook-new", async (page) => {
    await at("/organise/webhooks")(page);
    await page.getByRole("button", { name: "New webhook" }).click();
  });
  await organisers.take("console-promo-new", async (page) => {
    await at("/organise/events/5")(page);
    await page.getByRole("button", { name: "New code" }).click();
  });
  await organisers.take("console-second-factor", async (page) => {
    await at("/account")(page);
    await page.getByRole("heading", { name: "Second factor" }).scrollIntoViewIfNeeded();
  });
  await organisers.take("console-reports", at("/organise/reports"));
  await organisers.take("console-rooms", at("/organise/rooms"));
  await organisers.take("console-wizard", at("/organise/new"));
  await organisers.take("console-wizard-tickets", paintTickets);
  await organisers.take("console-plan-begin", at(await planPath(stage)));
  await organisers.take("console-plan", async (page) => {
    await at(await planPath(stage))(page);
    await page.getByRole("button", { name: /^Arena/ }).click();
    await page.getByRole("button", { name: /^Lower 3/ }).click();
  });
  await organisers.close();
});

/** The editor of a venue without seats that the demo's organiser owns. */
async function planPath(stage: Stage): Promise<string> {
  const { id } = (await stage.event(9))["venue_details"] as { id: number };
  return `/organise/venues/${id}/plan`;
}

const paintTickets: Scene = async (page) => {
  const goOn = () => page.getByRole("button", { name: /^Go on/ }).click();
  await at("/organise/new")(page);
  await page.getByLabel("Name", { exact: true }).fill("The Swan, Late Show");
  await goOn();
  await page.getByLabel("Venue", { exact: true }).selectOption({ label: "Riverside Opera House" });
  await page.getByLabel("Starts").fill("2099-05-04T22:00");
  await goOn();
  await page.getByLabel("Seating plan").selectOption({ index: 1 });
  await page.getByLabel("Name", { exact: true }).fill("Stalls");
  await page.getByRole("group", { name: "Sections of Stalls" }).getByRole("button").first().click();
  await page.getByRole("button", { name: "Another ticket type" }).click();
  await page.getByLabel("Name", { exact: true }).last().fill("Circle");
  await page.getByLabel(/^Price, /).last().fill("60");
  await page.getByRole("group", { name: "Sections of Circle" }).getByRole("button", { disabled: false }).first().click();
  await page.getByRole("radiogroup", { name: "Paint with" }).evaluate((brushes) => brushes.scrollIntoView({ block: "center" }));
};
