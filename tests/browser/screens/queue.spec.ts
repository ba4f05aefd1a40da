import { QueuePage } from "../support/queue-page";
import { at, type Scene, Sheets } from "../support/sheet";
import type { Stage } from "../support/stage";
import { expect, test } from "../support/test";

/** Longer than somebody has just come: whoever waited so long may choose when it is her turn. */
const waited_ms = 11_000;
const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

/** Joins a room's line, or comes back to it, and waits for what the page is called then. */
const inLine =
  (room: string, title: string): Scene =>
  async (page) => {
    const queue = await new QueuePage(page).visit(room);
    await expect(queue.title()).toHaveText(title);
  };

/** Nothing is focused and nothing scrolled away. */
const atTop: Scene = (page) =>
  page.evaluate(() => {
    (document.activeElement as HTMLElement).blur();
    scrollTo(0, 0);
  });

/** A line that moves: a turn each five seconds, and many ahead. */
async function moving(stage: Stage, id: string, settings: Record<string, unknown> = {}): Promise<string> {
  const room = await stage.room(id, { name: "Rush Night", ...settings });
  await stage.steer(room, "open");
  await stage.crowd(room, 160);
  return room;
}

test("the line while one stands in it", async ({ browser, server, stage }) => {
  const room = await moving(stage, "rush-night");
  const fans = await Sheets.open(browser, server.url, inLine(room, "You’re in line"));
  await stage.crowd(room, 40);
  await fans.take("queue-waiting", async (page) => {
    await inLine(room, "You’re in line")(page);
    await expect(page.locator("#eta")).toContainText("minutes");
  });
  await fans.take("queue-move", async (page) => {
    await page.getByRole("button", { name: "Another device" }).click();
    await page.getByRole("dialog").getByRole("img").waitFor();
  });
  await fans.take("queue-mail", async (page) => {
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Mail me" }).click();
    await page.getByRole("dialog").waitFor();
  });
  await fans.take("queue-leave", async (page) => {
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Leave the line" }).click();
    await page.getByRole("dialog").waitFor();
  });
  await fans.take("queue-arabic", async (page) => {
    await page.keyboard.press("Escape");
    await page.locator("#language").selectOption("ar");
    await atTop(page);
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  });
  await stage.change(room, { message: "The band is late: the sale goes on at nine.\nNobody loses a place." });
  await stage.steer(room, "pause");
  await fans.take("queue-paused", async (page) => {
    await page.locator("#language").selectOption("en");
    await expect(new QueuePage(page).title()).toHaveText("The line is paused");
    await atTop(page);
  });
  await fans.take("queue-offline", async (page) => {
    await page.context().setOffline(true);
    await expect(new QueuePage(page).note()).toBeVisible();
  });
  await fans.close();
});

test("the line before and after", async ({ browser, server, stage }) => {
  const lobby = await stage.room("lobby", { name: "Velvet Static", lobby_at: soon(0.02), opens_at: soon(23), draw: true });
  const later = await stage.room("later", { name: "Velvet Static", lobby_at: soon(180), opens_at: soon(200) });
  const locked = await stage.room("members", { name: "Velvet Static", one_per_account: true });
  const themed = await stage.room("harbour", {
    name: "Harbour Lights",
    theme: { name: "Quayside", brand: "#00704a", header: "#fff4d6", text: "Doors open at seven.\nNo bags over 20 litres." },
  });
  await stage.steer(themed, "pause");
  await stage.crowd(themed, 30);
  await expect.poll(async () => (await stage.settings(lobby))["state"]).toBe("lobby");
  const fans = await Sheets.open(browser, server.url, inLine(lobby, "You’re early"));
  await stage.crowd(lobby, 12);
  await fans.take("queue-lobby", inLine(lobby, "You’re early"));
  await fans.take("queue-scheduled", at(`/queue/${later}`));
  await fans.take("queue-account", inLine(locked, "Log in at the shop first"));
  await fans.take("queue-look", at(`/queue/${themed}`));
  await fans.take("queue-code", at(`/queue/${lobby}/code`));
  await fans.take("queue-unknown", inLine("no-such-line", "No such line"));
  await stage.steer(lobby, "open");
  await fans.take("queue-draw", at(`/queue/${lobby}/draw`));
  await fans.take("queue-report", at(`/queue/${themed}/report`));
  await stage.steer(themed, "close");
  await fans.take("queue-closed", inLine(themed, "This line is closed"));
  await fans.close();
});

test("one's turn", async ({ browser, server, stage }) => {
  const room = await stage.room("turn", { name: "Rush Night", rate_per_minute: 600, deferral_s: 300, claim_window_s: 60 });
  await stage.steer(room, "pause");
  const fans = await Sheets.open(browser, server.url, inLine(room, "The line is paused"));
  await new Promise((next) => setTimeout(next, waited_ms));
  await stage.steer(room, "resume");
  await fans.take("queue-turn", (page) => expect(new QueuePage(page).title()).toHaveText("It’s your turn"));
  await fans.take("queue-later", async (page) => {
    await page.getByRole("button", { name: /^Not now/ }).click();
    await page.locator("body[data-view=deferred]").waitFor();
  });
  await fans.take("queue-left", async (page) => {
    await page.getByRole("button", { name: "Leave the line" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Leave the line" }).click();
    await expect(new QueuePage(page).title()).toHaveText("You left the line");
  });
  await fans.close();
});

test("the line without JavaScript", async ({ browser, server, stage }) => {
  const room = await moving(stage, "plain");
  const fans = await Sheets.open(browser, server.url, at(`/queue/${room}`), { javaScriptEnabled: false });
  await fans.take("queue-plain-join", at(`/queue/${room}`));
  await fans.take("queue-plain", async (page) => {
    await page.getByRole("button", { name: "Join the line" }).click();
    await page.getByText(/^Ahead of you: /).waitFor();
  });
  await fans.close();
});
