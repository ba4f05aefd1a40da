import type { Page } from "@playwright/test";
import { enter } from "./support/fan-page";
import { admin } from "./support/server";
import { SeatMap } from "./support/seat-map";
import { read, type Stage } from "./support/stage";
import { axe, expect, test } from "./support/test";

/** A small stadium as an illustrator leaves it: chairs by their class, gold ones by their colour. */
const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 140">
  <rect width="240" height="140" rx="12" fill="#e8eef4"/>
  <rect id="stage" x="70" y="8" width="100" height="18" fill="#30343c"/>
  <g id="block-North">${chairs(60, 48, 6, "#c8a24a")}${chairs(60, 64, 6, "#3c6fd0")}</g>
  <g id="block-South">${chairs(60, 104, 6, "#3c6fd0")}${chairs(60, 120, 6, "#3c6fd0")}</g>
</svg>`;

function chairs(left: number, y: number, count: number, colour: string): string {
  const one = (_: unknown, at: number) => `<circle class="chair" fill="${colour}" cx="${left + at * 22}" cy="${y}" r="6"/>`;
  return `<g>${Array.from({ length: count }, one).join("")}</g>`;
}

const mapping = { seats: { classes: ["chair"] }, categories: [{ name: "Gold", colours: ["#c8a24a"] }, { name: "Blue", colours: ["#3c6fd0"] }] };

const table = "section,row,seat,x,y,category\nFloor,A,1,0,0,Gold\nFloor,A,2,30,0,Gold\nFloor,B,1,0,30,\nFloor,B,2,30,30,\n";

const pretix = {
  name: "Small stage",
  size: { width: 400, height: 300 },
  categories: [{ name: "Cheap", color: "#33aa66" }],
  zones: [
    {
      name: "Ground",
      position: { x: 20, y: 20 },
      rows: [
        {
          row_number: "1",
          position: { x: 0, y: 0 },
          seats: [1, 2, 3].map((each) => ({
            seat_number: String(each),
            seat_guid: `1-${each}`,
            position: { x: each * 30, y: 0 },
            category: "Cheap",
          })),
        },
      ],
      areas: [],
    },
  ],
};

const choose = (page: Page, name: string, mimeType: string, text: string) =>
  page.getByLabel("File").setInputFiles({ name, mimeType, buffer: Buffer.from(text) });

const figure = (page: Page, label: string) =>
  page.locator("dl > div").filter({ has: page.getByText(label, { exact: true }) }).locator("dd").first();

/** An organiser's venue without a plan of this name, at the import of one. */
async function atImport(page: Page, stage: Stage): Promise<void> {
  await stage.sale();
  await enter(page, admin, "/organise/venues");
  await page.getByRole("link", { name: "Import a plan" }).click();
  await page.getByRole("heading", { level: 1, name: /^Import a plan/ }).waitFor();
}

test("a drawing that says nothing of seats is told what its shapes mean, and looked at before it is kept", async ({ page, stage }) => {
  test.slow();
  await atImport(page, stage);
  await choose(page, "Main_Hall.svg", "image/svg+xml", drawing);
  await expect(page.getByText("No seats found yet")).toBeVisible();
  await expect(page.getByRole("img", { name: "The drawing in the file" })).toBeVisible();
  await page.getByLabel("Shapes of the class chair are seats").check();
  await page.getByLabel("Category of the colour #c8a24a").fill("Gold");
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(figure(page, "Seats")).toHaveText("24");
  await expect(page.getByText("18 seats are in no category")).toBeVisible();
  await page.getByLabel("Category of the colour #3c6fd0").fill("Blue");
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(page.getByText("Gold: 6 · Blue: 18")).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await page.getByRole("button", { name: "Save 24 seats" }).click();
  await expect(page.getByText("Main Hall 24 seats")).toBeVisible();
  await page.getByRole("button", { name: /^See Main Hall of/ }).click();
  await expect(page.getByRole("dialog")).toContainText("24 seats");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("link", { name: /^Edit Main Hall of/ }).click();
  await expect(page.getByRole("heading", { name: "This plan can't be edited here" })).toBeVisible();

  const next = () => page.getByRole("button", { name: /^Go on/ }).click();
  await test.step("an event sells its categories, each at its price", async () => {
    await page.goto("/organise/new");
    await page.getByLabel("Name", { exact: true }).fill("Paper Suns");
    await next();
    await page.getByLabel("Venue", { exact: true }).selectOption({ label: "The Lantern" });
    await page.getByLabel("Starts").fill("2099-06-01T20:00");
    await next();
    await page.getByLabel("Seating plan").selectOption({ label: "Main Hall · 24 seats" });
    await page.getByRole("button", { name: "One for each category" }).click();
    const gold = page.getByRole("group", { name: "Categories of Gold" });
    await expect(gold.getByRole("button", { name: "Gold 6" })).toHaveAttribute("aria-pressed", "true");
    await expect(gold.getByRole("button", { name: "Blue 18" })).toBeDisabled();
    await expect(page.getByText("Every category is sold.")).toBeVisible();
    await page.getByLabel("Currency").selectOption("EUR");
    await page.getByLabel("Price, EUR").first().fill("90");
    await page.getByLabel("Price, EUR").last().fill("45,50");
    expect(await axe(page)).toEqual([]);
    await next();
    await next();
    await expect(page.getByText("Blue: €45.50, Blue")).toBeVisible();
    await page.getByRole("button", { name: "Publish now" }).click();
    await page.waitForURL(/\/organise\/events\/\d+$/);
  });

  await test.step("fans see both prices, and pay the one of the seat they take", async () => {
    const { sessions } = (await stage.event(Number(page.url().split("/").at(-1)))) as { sessions: { id: number }[] };
    const session = sessions[0]!.id;
    await page.goto(`/sessions/${session}`);
    await expect(page.getByText("€90", { exact: true })).toBeVisible();
    await expect(page.getByText("€45.50", { exact: true })).toBeVisible();
    const map = await SeatMap.of(page, session);
    await map.click(0);
    await expect(page.getByRole("button", { name: "Hold 1 seat · €90.00" })).toBeVisible();
    await map.click(23);
    await expect(page.getByRole("button", { name: "Hold 2 seats · €135.50" })).toBeVisible();
  });
});

test("a table of seats is refused by line, then kept", async ({ page, stage }) => {
  await atImport(page, stage);
  await choose(page, "floor.csv", "text/csv", `${table}Floor,C,1,0\n`);
  await expect(page.getByRole("alert")).toContainText("line");
  await choose(page, "floor.csv", "text/csv", table);
  await expect(figure(page, "Seats")).toHaveText("4");
  await expect(page.getByText("2 seats are in no category")).toBeVisible();
  await page.getByRole("button", { name: "Save 4 seats" }).click();
  await expect(page.getByText("floor 4 seats")).toBeVisible();
});

test("a plan of pretix is kept under a name of one's own; what is none is said", async ({ page, stage }) => {
  await atImport(page, stage);
  await choose(page, "plan.json", "application/json", "{ not json");
  await expect(page.getByText("This file is not JSON")).toBeVisible();
  await choose(page, "plan.json", "application/json", JSON.stringify(pretix));
  await expect(figure(page, "Seats")).toHaveText("3");
  await page.getByLabel("Name of the plan").fill("Small stage");
  await page.getByRole("button", { name: "Save 3 seats" }).click();
  await expect(page.getByText("Small stage 3 seats")).toBeVisible();
});

test("a plan drawn here is taken up again; its next version keeps its name", async ({ page, stage }) => {
  const sale = await stage.sale();
  await enter(page, admin, "/organise/venues");
  await page.getByRole("link", { name: /^Edit Hall of/ }).click();
  await expect(page.getByText("32 seats in 1 section")).toBeVisible();
  await page.getByRole("button", { name: /^Stalls/ }).click();
  await page.getByLabel("Rows", { exact: true }).fill("6");
  await expect(page.getByText("48 seats in 1 section")).toBeVisible();
  await page.getByRole("button", { name: "Save 48 seats" }).click();
  await expect(page.getByText("48 seats, version 2")).toBeVisible();
  const saved = await stage.plan("The Lantern");
  expect(saved.sections[0]!.rows).toHaveLength(6);
  const { seats } = await read<{ seats: { ids: number[] } }>(await page.request.get(`/api/v1/sessions/${sale.session}/seats`));
  expect(seats.ids, "an event keeps the seats it was made with").toHaveLength(32);
});

test("what an imported plan has left is put on sale later, as another ticket type", async ({ page, stage }) => {
  const sale = await stage.drawn(drawing, mapping, "Paper Moons", ["Gold"]);
  await enter(page, admin, `/organise/events/${sale.event}`);
  await page.getByRole("button", { name: "Another ticket type" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Blue");
  await dialog.getByLabel("Price, USD").fill("20");
  await dialog.getByLabel("What it is for").selectOption("categories");
  await expect(dialog.getByRole("button", { name: "Gold 6" })).toBeDisabled();
  await expect(dialog.getByRole("button", { name: "Add it" })).toBeDisabled();
  await dialog.getByRole("button", { name: "Blue 18" }).click();
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByText("Blue is on sale with the others.")).toBeVisible();

  await page.goto(`/sessions/${sale.session}`);
  const map = await SeatMap.of(page, sale.session);
  await map.click(23);
  await expect(page.getByRole("button", { name: "Hold 1 seat · $20.00" })).toBeVisible();
});

test("the drawing of an imported plan lies behind its seats, and they are sold by category", async ({ page, stage }) => {
  const sale = await stage.drawn(drawing, mapping);
  const drawn = page.waitForResponse((answer) => answer.url().includes("/api/v1/drawings/") && answer.ok());
  await page.goto(`/sessions/${sale.session}`);
  await drawn;
  const map = await SeatMap.of(page, sale.session);
  await map.click(0);
  await expect(page.getByRole("button", { name: "Hold 1 seat · $50.00" })).toBeVisible();
});
