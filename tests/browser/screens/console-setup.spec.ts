import type { Page } from "@playwright/test";
import { enter } from "../support/fan-page";
import { admin } from "../support/server";
import { at, type Scene, Sheets } from "../support/sheet";
import { expect, test } from "../support/test";

/** A drawing that says nothing of seats: two blocks of chairs in two colours before a stage. */
const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 170">
  <rect width="320" height="170" rx="14" fill="#e8eef4"/>
  <path d="M80 10h160l-14 24H94Z" fill="#30343c"/>
  <g id="block-North">${chairs(56, "#c8a24a")}${chairs(74, "#c8a24a")}</g>
  <g id="block-South">${chairs(112, "#3c6fd0")}${chairs(130, "#3c6fd0")}${chairs(148, "#3c6fd0")}</g>
</svg>`;

function chairs(y: number, colour: string): string {
  const one = (_: unknown, at: number) => `<circle class="chair" fill="${colour}" cx="${34 + at * 18}" cy="${y}" r="6.5"/>`;
  return `<g>${Array.from({ length: 15 }, one).join("")}</g>`;
}

const goOn = (page: Page) => page.getByRole("button", { name: /^Go on/ }).click();
const top: Scene = (page) => page.evaluate(() => scrollTo(0, 0));

test("an event from its name to what it costs", async ({ browser, server, stage }) => {
  await stage.sale();
  const organisers = await Sheets.open(browser, server.url, (page) => enter(page, admin, "/organise"));
  await organisers.take("console-wizard-when", async (page) => {
    await at("/organise/new")(page);
    await page.getByLabel("Name", { exact: true }).fill("Lanterns, Late Show");
    await goOn(page);
    await page.getByLabel("Venue", { exact: true }).selectOption({ label: "The Lantern" });
    await page.getByLabel("Starts").fill("2099-05-04T22:00");
    await page.getByRole("button", { name: "Another date" }).click();
    await top(page);
  });
  await organisers.take("console-wizard-sale", async (page) => {
    await goOn(page);
    await page.getByLabel("Seating plan").selectOption({ index: 1 });
    await page.getByLabel("Name", { exact: true }).fill("Stalls");
    await page.getByRole("group", { name: "Sections of Stalls" }).getByRole("button").first().click();
    await page.getByLabel(/^Price, /).last().fill("45");
    await goOn(page);
    await page.getByRole("button", { name: "Tax", exact: true }).click();
    await page.getByLabel("Tax", { exact: true }).fill("VAT");
    await page.getByLabel("Percent", { exact: true }).fill("19");
    await top(page);
  });
  await organisers.take("console-wizard-check", async (page) => {
    await goOn(page);
    await page.getByRole("button", { name: "Publish now" }).waitFor();
    await top(page);
  });
  await organisers.take("console-draft", async (page) => {
    await page.getByRole("button", { name: "Save as a draft" }).click();
    await page.getByText("Draft", { exact: true }).waitFor();
  });
  await organisers.take("console-publish", async (page) => {
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByRole("dialog").waitFor();
  });
  await organisers.close();
});

test("a line that moves", async ({ browser, server, stage }) => {
  const room = await stage.room("rush-night", { name: "Rush Night", rate_per_minute: 30 });
  await stage.steer(room, "open");
  await stage.crowd(room, 180);
  const organisers = await Sheets.open(browser, server.url, (page) => enter(page, admin, `/organise/rooms/${room}`));
  await organisers.take("console-room", async (page) => {
    // The chart begins with the second look at the line.
    await page.waitForFunction(() => !document.body.innerText.includes("The line begins in a moment."));
    await page.waitForTimeout(8_000);
  });
  await organisers.close();
});

test("a venue, a plan from a file, a room", async ({ browser, server, stage, show }) => {
  await stage.crowd(show.room, 8);
  const organisers = await Sheets.open(browser, server.url, (page) => enter(page, admin, "/organise"));
  await organisers.take("console-venue-new", async (page) => {
    await at("/organise/venues")(page);
    await page.getByRole("button", { name: "New venue" }).click();
  });
  await organisers.take("console-import-mapping", async (page) => {
    await at("/organise/venues")(page);
    await page.getByRole("link", { name: "Import a plan" }).click();
    await page.getByLabel("File").setInputFiles({ name: "Main_Hall.svg", mimeType: "image/svg+xml", buffer: Buffer.from(drawing) });
    await page.getByLabel("Shapes of the class chair are seats").check();
    await page.getByLabel("Category of the colour #c8a24a").fill("Gold");
    await page.getByLabel("Category of the colour #3c6fd0").evaluate((field) => field.scrollIntoView({ block: "center" }));
  });
  await organisers.take("console-import-seen", async (page) => {
    await page.getByLabel("Category of the colour #3c6fd0").fill("Blue");
    await page.getByRole("button", { name: "Look again" }).click();
    await page.getByText("Gold: 30 · Blue: 45").waitFor();
    await page.getByText("Gold: 30 · Blue: 45").evaluate((found) => found.scrollIntoView({ block: "center" }));
  });
  await organisers.take("console-room-new", async (page) => {
    await at("/organise/rooms/new")(page);
    await page.getByLabel("Before the sale of").selectOption({ index: 1 });
    await page.getByLabel("Name", { exact: true }).fill("Velvet Static, Night Two");
  });
  await organisers.take("console-room-settings", async (page) => {
    await at(`/organise/rooms/${show.room}`)(page);
    await page.getByRole("heading", { name: "Schedule and draw", level: 3 }).click();
    await page.getByRole("heading", { name: "Settings" }).evaluate((head) => head.scrollIntoView({ block: "start" }));
  });
  await organisers.take("console-room-look", async (page) => {
    await page.getByRole("heading", { name: "Schedule and draw", level: 3 }).click();
    await page.getByRole("heading", { name: "Look", level: 3 }).click();
    await page.getByLabel("Button and bar").fill("#00704a");
    await page.getByRole("heading", { name: "Look", level: 3 }).evaluate((head) => head.scrollIntoView({ block: "start" }));
  });
  await organisers.close();

  const iris = await stage.shopper("Iris");
  const fans = await Sheets.open(browser, server.url, (page) => enter(page, iris, "/organise"));
  await fans.take("console-not-organiser", (page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible());
  await fans.close();
});
