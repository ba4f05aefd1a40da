import { Fan, type Place } from "./support/stage";
import { QueuePage } from "./support/queue-page";
import { expect, test } from "./support/test";

test("refresh, a second tab and a closed tab keep the place", async ({ page, context, stage, show }) => {
  await stage.steer(show.room, "pause");
  await stage.fan(show.room);
  const queue = await new QueuePage(page).visit(show.room);
  const number = await queue.numberShown();
  await stage.fan(show.room);

  await page.reload();
  expect(await queue.numberShown()).toBe(number);
  const second = await new QueuePage(await context.newPage()).visit(show.room);
  expect(await second.numberShown()).toBe(number);
  await page.close();
  await second.page.close();
  const third = await new QueuePage(await context.newPage()).visit(show.room);
  expect(await third.numberShown()).toBe(number);
  await expect(third.position()).toHaveText("2");
});

test("a power cut costs nobody her place, and the order stays", async ({ page, server, stage, show }) => {
  await stage.steer(show.room, "pause");
  const before = [await stage.fan(show.room), await stage.fan(show.room)];
  const queue = await new QueuePage(page).visit(show.room);
  const number = await queue.numberShown();
  const behind = await stage.fan(show.room);

  await server.kill();
  await expect(queue.note()).toHaveText("No connection. We keep trying.");
  await expect(queue.position()).toHaveText("3");
  await server.run();
  await expect(queue.note()).toBeHidden({ timeout: 60_000 });
  expect(await queue.numberShown()).toBe(number);

  const numbers = async (fans: Fan[]) => Promise.all(fans.map(async (fan) => (await fan.place()).number));
  expect(await numbers([...before, behind])).toEqual([...before, behind].map((fan) => fan.number));
  const newcomer = await stage.fan(show.room);
  const order = [...before.map((fan) => fan.number), number, behind.number, newcomer.number];
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(new Set(order).size).toBe(order.length);

  await before[0]!.leave();
  await expect(queue.position()).toHaveText("2");
  await stage.steer(show.room, "resume");
  await page.waitForURL((url) => url.pathname === `/sessions/${show.session}`);
});

test("who leaves the line, leaves it; who comes back, stands at its end", async ({ page, stage, show }) => {
  await stage.steer(show.room, "pause");
  const queue = await new QueuePage(page).visit(show.room);
  const number = await queue.numberShown();
  const behind = await stage.fan(show.room);
  await page.getByRole("button", { name: "Leave the line" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave the line" }).click();
  await expect(queue.title()).toHaveText("You left the line");
  await expect.poll(async () => ((await behind.place()) as Place).position).toBe(1);

  await page.getByRole("button", { name: "Join again" }).click();
  await expect(queue.position()).toHaveText("2");
  expect(await queue.numberShown()).toBeGreaterThan(number);
});

test("a closed line says so", async ({ page, stage, show }) => {
  await stage.steer(show.room, "pause");
  const queue = await new QueuePage(page).visit(show.room);
  await queue.numberShown();
  await stage.steer(show.room, "close");
  await expect(queue.title()).toHaveText("This line is closed");
  await page.reload();
  await expect(queue.title()).toHaveText("This line is closed");
});

test("an address that names no line says so", async ({ page, show }) => {
  const queue = await new QueuePage(page).visit(`${show.room}-not`);
  await expect(queue.title()).toHaveText("No such line");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the same line is stood in by forms, up to the shop's door", async ({ page, stage, show }) => {
    await stage.steer(show.room, "pause");
    const ahead = await stage.fan(show.room);
    await page.goto(`/queue/${show.room}`);
    await page.getByRole("button", { name: "Join the line" }).click();
    await expect(page.getByText("2", { exact: true })).toBeVisible();
    await ahead.leave();
    await stage.steer(show.room, "resume");
    const enter = page.getByRole("button", { name: "Go to the shop" });
    await expect
      .poll(async () => {
        await page.goto(`/queue/${show.room}`);
        return enter.isVisible();
      })
      .toBe(true);
    const entered = page.waitForURL((url) => url.pathname === `/sessions/${show.session}`);
    await enter.click();
    await entered;
    expect(new URL(page.url()).hash).toContain("admission=");
  });
});
