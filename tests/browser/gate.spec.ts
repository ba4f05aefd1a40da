import AxeBuilder from "@axe-core/playwright";
import { chromium, type Page } from "@playwright/test";
import { GatePage } from "./support/gate-page";
import { expect, test } from "./support/test";
import { film } from "./support/video";

test("the gate lets a ticket in once, says why not, and takes an entry back", async ({ page, stage }) => {
  const door = await stage.door(2);
  const [first, second] = [door.tickets[0]!, door.tickets[1]!];
  const gate = await GatePage.open(page, door, "North");
  await expect(gate.status()).toContainText("Online · everything synced");
  await isAccessible(page);

  const welcome = await gate.scan(first.qr);
  for (const words of ["WELCOME", door.holder, "Stalls", first.code]) expect(welcome).toContain(words);
  expect(await gate.scan(first.qr)).toMatch(/ALREADY IN[^]*gate North/);
  await isAccessible(page);
  await test.step("takes the next scan while a verdict is still shown", async () => {
    await gate.type(forged(first.qr));
    await expect(gate.verdict()).toContainText("Not genuine");
    await isAccessible(page);
    await gate.next();
  });

  await test.step("finds a ticket by name, and lets it in by hand", async () => {
    await page.getByLabel("Name, reference, seat or code").fill(`${door.holder} stalls`);
    await expect(page.getByRole("button", { name: /^Let in Alice/ })).toHaveCount(1);
    await isAccessible(page);
    await page.getByRole("button", { name: /^Let in Alice/ }).click();
    expect(await gate.verdict().innerText()).toContain(second.code);
  });

  await test.step("takes the last entry back", async () => {
    await gate.undo();
    await expect(gate.log()).toContainText("taken back");
    await expect.poll(async () => (await stage.counts(door.session)).checked_in).toBe(1);
    await expect(gate.status()).toContainText("everything synced");
    await page.getByRole("heading", { level: 1 }).click();
    expect(await gate.scan(second.code)).toContain("WELCOME");
    expect((await stage.counts(door.session)).checked_in).toBe(2);
  });
});

test("two gates without a network admit, survive, report, and find that one ticket came in twice", async ({ browser, server, stage }) => {
  const door = await stage.door(3);
  const [twice, later, typed] = [door.tickets[0]!, door.tickets[1]!, door.tickets[2]!];
  const [northern, southern] = [await browser.newContext({ baseURL: server.url }), await browser.newContext({ baseURL: server.url })];
  const north = await GatePage.open(await northern.newPage(), door, "North");
  let south = await GatePage.open(await southern.newPage(), door, "South");
  for (const gate of [north, south]) await gate.isKept();

  await northern.setOffline(true);
  await southern.setOffline(true);
  for (const gate of [north, south]) {
    expect(await gate.scan(twice.qr)).toMatch(/WELCOME[^]*Decided by this gate alone/);
    await expect(gate.status()).toContainText("Offline, working on · 1 to sync");
  }

  await test.step("a killed tab comes back without a network, with what it did", async () => {
    await south.page.close();
    south = new GatePage(await southern.newPage());
    await south.page.goto("/gate");
    await expect(south.status()).toContainText("1 to sync");
    expect(await south.scan(twice.qr)).toMatch(/ALREADY IN[^]*gate South/);
    expect(await south.scan(later.qr)).toContain("WELCOME");
    expect(await south.scan(typed.code)).toContain("WELCOME");
    await south.undo();
    expect(await south.scan(forged(later.qr))).toContain("NOT GENUINE");
    expect(await south.scan("TCK-ZZZZZZZZZZ")).toContain("NOT ON THE LIST");
    await expect(south.status()).toContainText("2 to sync");
  });

  await test.step("what was kept is the page and its files, nothing of the API", async () => {
    const kept = await south.page.evaluate(async () => {
      const paths: string[] = [];
      for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) paths.push(new URL(request.url).pathname);
      }
      return paths;
    });
    expect(kept).toContain("/gate");
    expect(kept.filter((path) => !/^\/(gate(-\d+\.png|\.webmanifest)?|favicon\.svg|assets\/[^/]+)$/.test(path))).toEqual([]);
  });

  await northern.setOffline(false);
  await expect(north.status()).toContainText("Online · everything synced");
  await southern.setOffline(false);
  await expect(south.status()).toContainText("Online · everything synced");
  await expect(south.conflicts()).toContainText(twice.code);
  await expect(south.conflicts()).toContainText(/by North, then at .* by South/);
  await isAccessible(south.page);
  const counts = await stage.counts(door.session);
  expect(counts.checked_in).toBe(2);
  expect(counts.conflicts).toMatchObject([{ ticket_code: twice.code, gate: "South" }]);
  await northern.close();
  await southern.close();
});

test("one tab of a device has the gate", async ({ page, stage }) => {
  const door = await stage.door(1);
  const gate = await GatePage.open(page, door, "North");
  const other = await page.context().newPage();
  await other.goto("/gate");
  await expect(other.getByRole("heading", { name: "The gate is open in another tab" })).toBeVisible();
  await other.getByRole("button", { name: "Use it here" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "North" })).toBeVisible();
  await expect(gate.page.getByRole("heading", { name: "The gate is open in another tab" })).toBeVisible();
});

test("the camera reads a ticket", async ({ page, server, stage }, info) => {
  const door = await stage.door(1);
  const ticket = info.outputPath("ticket.y4m");
  await page.goto("/events");
  await film(page, await stage.picture(door.tickets[0]!.code), ticket);
  const { executablePath, args } = info.project.use.launchOptions!;
  const camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${ticket}`];
  const phone = await chromium.launch({ executablePath, args: [...(args ?? []), ...camera] });
  const gate = await GatePage.open(await phone.newPage({ baseURL: server.url, viewport: { width: 390, height: 844 } }), door, "North");
  await gate.page.getByRole("button", { name: "Start the camera" }).click();
  expect(await gate.verdict().innerText()).toMatch(new RegExp(`WELCOME[^]*${door.tickets[0]!.code}`));
  await gate.next();
  // Held in view it is the same ticket still, not a second try.
  await gate.page.getByRole("button", { name: "Log" }).click();
  await expect(gate.log().getByRole("listitem")).toHaveCount(1);
  await phone.close();
});

/** The same statement under a signature that is none. */
const forged = (qr: string): string => qr.replace(/.{4}$/, "AAAA");

async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}
