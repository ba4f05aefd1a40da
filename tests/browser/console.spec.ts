import type { Page } from "@playwright/test";
import { planOf } from "../../booking/web/src/organise/venues/plan";
import { templates } from "../../booking/web/src/organise/venues/sections";
import { enter } from "./support/fan-page";
import { admin } from "./support/server";
import { axe, expect, test } from "./support/test";

/** A figure of the page by its label. */
const figure = (page: Page, label: string) =>
  page.locator("dl > div").filter({ has: page.getByText(label, { exact: true }) }).locator("dd").first();

/** Goes to one of the console's pages by its tab. */
async function tab(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Organise" }).getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

const next = (page: Page) => page.getByRole("button", { name: /^Go on/ }).click();

test("an organiser draws a venue, makes an event and sees it sell", async ({ page, stage }) => {
  test.slow();
  await enter(page, await stage.organiser("Olivia"), "/organise");

  await test.step("a venue, and its seats from a template", async () => {
    await tab(page, "Venues");
    await page.getByRole("button", { name: "New venue" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Quay Hall");
    await page.getByLabel("Street and city").fill("1 Quay, Hamburg");
    await page.getByLabel("Time zone").fill("Europe/Berlin");
    await page.getByRole("button", { name: "Add the venue" }).click();
    await page.getByRole("button", { name: /^Cinema/ }).click();
    await expect(page.getByText("180 seats in 1 section")).toBeVisible();
    await page.getByRole("button", { name: "Section", exact: true }).click();
    await page.getByLabel("Name", { exact: true }).fill("Balcony");
    await page.getByLabel("Rows", { exact: true }).fill("2");
    await page.getByLabel("Seats", { exact: true }).fill("10");
    await expect(page.getByText("200 seats in 2 sections")).toBeVisible();
  });

  await test.step("takes a step back and forth again", async () => {
    await page.getByRole("button", { name: "Remove Balcony" }).click();
    await expect(page.getByText("180 seats in 1 section")).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByText("200 seats in 2 sections")).toBeVisible();
    expect(await axe(page)).toEqual([]);
  });

  await test.step("saves it, and the server makes the same plan", async () => {
    await page.getByRole("button", { name: "Save 200 seats" }).click();
    await page.getByRole("heading", { name: "Venues" }).waitFor();
    const cinema = templates["cinema"]!.sections();
    const saved = await stage.plan("Quay Hall");
    expect(saved).toMatchObject(planOf([...cinema, { name: "Balcony", rows: 2, columns: 10 }]));
    expect(saved).toHaveProperty("sections_spec", [expect.anything(), expect.objectContaining({ name: "Balcony" })]);
  });

  await test.step("an event on two nights, its categories painted", async () => {
    await tab(page, "Events");
    await page.getByRole("link", { name: "New event" }).click();
    await next(page);
    await expect(page.getByText("Give the event a name.")).toBeVisible();
    await page.getByLabel("Name", { exact: true }).fill("Quay Nights");
    await next(page);
    await page.getByLabel("Venue", { exact: true }).selectOption({ label: "Quay Hall" });
    await page.getByLabel("Starts").fill("2099-06-01T20:00");
    await page.getByRole("button", { name: "Another date" }).click();
    await expect(page.getByLabel("Starts").last()).toHaveValue("2099-06-02T20:00");
    await next(page);
    await page.getByLabel("Seating plan").selectOption({ label: "Standard · 200 seats" });
    await page.getByLabel("Name", { exact: true }).fill("Stalls");
    await page.getByRole("group", { name: "Sections of Stalls" }).getByRole("button", { name: "Screen 1" }).click();
    await page.getByRole("button", { name: "Another ticket type" }).click();
    await page.getByLabel("Name", { exact: true }).last().fill("Circle");
    await page.getByLabel("Currency").selectOption("USD");
    await page.getByLabel("Price, USD").last().fill("60");
    await page.getByRole("group", { name: "Sections of Circle" }).getByRole("button", { name: "Balcony" }).click();
    await expect(page.getByText("Every section is sold.")).toBeVisible();
    expect(await axe(page)).toEqual([]);
    await next(page);
    await page.getByLabel("Service fee a ticket, USD").fill("2,x");
    await page.getByRole("button", { name: "Tax", exact: true }).click();
    await page.getByLabel("Tax", { exact: true }).fill("VAT");
    await page.getByLabel("Percent", { exact: true }).fill("7.5");
    await next(page);
    await expect(page.getByText("An amount like 25 or 12.50.")).toBeVisible();
    await page.getByLabel("Service fee a ticket, USD").fill("2");
    expect(await axe(page)).toEqual([]);
    await next(page);
    await expect(page.getByText("Service fee $2.00 a ticket. VAT (7.5 %), included.")).toBeVisible();
    await expect(page.getByText("Tue, 2 Jun 2099, 20:00")).toBeVisible();
    await page.getByRole("button", { name: "Save as a draft" }).click();
    await expect(page.getByText("Draft", { exact: true })).toBeVisible();
  });

  const event = Number(new URL(page.url()).pathname.split("/").at(-1));
  await test.step("publishes it after a question, and sees it sell", async () => {
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Publish it" }).click();
    await expect(page.getByText("Published", { exact: true })).toBeVisible();
    await expect(figure(page, "Sold")).toHaveText("0");
    await stage.buy(await stage.shopper("Frank"), event, 3);
    await expect(figure(page, "Sold")).toHaveText("3");
    await expect(page.getByRole("img", { name: /^3 sold, 0 held of 400$/ })).toBeVisible();
    await page.getByLabel("Search attendees").fill("frank");
    await expect(page.getByRole("row", { name: /Frank/ })).toContainText("Confirmed");
    expect(await axe(page)).toEqual([]);
  });

  await test.step("changes what was not promised; what was stands", async () => {
    await page.getByRole("link", { name: "Change", exact: true }).click();
    await expect(page.getByLabel("Name", { exact: true })).toBeDisabled();
    await page.getByLabel("Description").fill("Two nights by the water.");
    await page.getByLabel("Service fee a ticket, USD").fill("3.50");
    await page.getByRole("button", { name: "Save the changes" }).click();
    await page.getByRole("heading", { name: "Quay Nights" }).waitFor();
    expect(await stage.event(event)).toMatchObject({
      charges: { service_fee: { fixed_minor: 350 }, taxes: [{ name: "VAT", rate_ppm: 75_000 }], taxes_included: true },
    });
  });

  await test.step("clones it, and deletes the copy", async () => {
    await page.getByRole("button", { name: "Clone" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Quay Nights II");
    await page.getByRole("dialog").getByRole("button", { name: "Make the copy" }).click();
    await page.getByRole("heading", { name: "Quay Nights II" }).waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();
    await page.getByRole("heading", { name: "My events" }).waitFor();
    await expect(page.getByRole("link", { name: /Quay Nights II/ })).toBeHidden();
  });

  await test.step("cancels it only after typing its name, with the consequences in view", async () => {
    await page.getByRole("link", { name: /Quay Nights/ }).click();
    await page.getByRole("button", { name: "Cancel event" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("3 tickets in 1 booking stop working");
    await expect(dialog.getByRole("button", { name: "Cancel the event" })).toBeDisabled();
    await dialog.getByLabel(/^Type/).fill("Quay Nights");
    await dialog.getByRole("button", { name: "Cancel the event" }).click();
    await expect(page.getByText("Cancelled", { exact: true }).first()).toBeVisible();
    await expect(figure(page, "Revenue")).toHaveText(/0$/);
  });
});

test("somebody else's change in between is shown, and one's own is kept", async ({ browser, page, server, stage, show }) => {
  await enter(page, admin, `/organise/events/${show.event}`);
  await page.getByRole("link", { name: "Change", exact: true }).click();
  await page.getByLabel("Description").fill("Mine.");
  const other = await (await browser.newContext({ baseURL: server.url })).newPage();
  await enter(other, admin, `/organise/events/${show.event}`);
  await other.getByRole("link", { name: "Change", exact: true }).click();
  await other.getByLabel("Most tickets a person").fill("3");
  await other.getByRole("button", { name: "Save the changes" }).click();
  await other.getByRole("heading", { name: show.name, level: 1 }).waitFor();
  await other.context().close();

  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.getByRole("button", { name: "Load the newer version" }).click();
  await expect(page.getByText("Somebody else changed the limit per person.")).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue("Mine.");
  await expect(page.getByLabel("Most tickets a person")).toHaveValue("3");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.getByRole("heading", { name: show.name, level: 1 }).waitFor();
  expect(await stage.event(show.event)).toMatchObject({ description: "Mine.", per_person_limit: 3 });
});

test("an admin gives a role, takes it back, and finds both in the log", async ({ page, stage }) => {
  await stage.shopper("Gina");
  await enter(page, admin, "/organise");
  await tab(page, "People");
  await page.getByLabel("Search by name or address").fill("gina");
  const role = page.getByLabel("Role of Gina");
  await role.selectOption("gate");
  await page.getByRole("dialog").getByRole("button", { name: "Change the role" }).click();
  await expect(role).toHaveValue("gate");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(role).toHaveValue("guest");

  await tab(page, "Audit log");
  await page.getByLabel("What was done").fill("user.role_changed");
  await expect(page.getByRole("row").filter({ hasText: "user.role_changed" })).toHaveCount(2);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  expect((await saved).suggestedFilename()).toBe("audit.csv");
});

test("every page of the console is clean to axe, on a desk by day and on a phone by night", async ({ page, stage }) => {
  test.slow();
  const door = await stage.door(2);
  await enter(page, admin, "/organise");
  for (const [width, height, colorScheme] of [[1280, 800, "light"], [390, 844, "dark"]] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const name of ["Overview", "Events", "Venues", "Waiting rooms", "Reports", "People", "Audit log", "Jobs and mails"]) {
      await test.step(`${name}, ${width} wide`, async () => {
        await tab(page, name);
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        expect(await axe(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      });
    }
    await test.step(`an event, ${width} wide`, async () => {
      await tab(page, "Events");
      await page.getByRole("link", { name: new RegExp(door.name) }).click();
      await expect(page.getByRole("heading", { name: "Attendees" })).toBeVisible();
      expect(await axe(page)).toEqual([]);
    });
  }
});

test("a fan who finds the console is told whom to ask", async ({ page, stage }) => {
  await enter(page, await stage.shopper("Iris"), "/organise");
  await expect(page.getByRole("heading", { name: "These pages are for organisers" })).toBeVisible();
  expect(await axe(page)).toEqual([]);
});
