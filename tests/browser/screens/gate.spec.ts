import { type Browser, chromium, type Page } from "@playwright/test";
import { enter } from "../support/fan-page";
import { GatePage } from "../support/gate-page";
import { admin } from "../support/server";
import { at, type Scene, Sheets } from "../support/sheet";
import type { Door, Stage } from "../support/stage";
import { expect, test } from "../support/test";
import { film } from "../support/video";

const names = ["North", "South", "East", "West"];

/** Opens a gate in each window, each with a name of its own. */
function gates(door: Door): Scene {
  let opened = 0;
  return async (page) => {
    await GatePage.open(page, door, names[opened++ % names.length]!);
  };
}

/** Codes of tickets that several people bought for a door, one each. */
async function guests(stage: Stage, door: Door): Promise<string[]> {
  const codes: string[] = [];
  for (const name of ["Mina Okafor", "Jonas Weber", "Priya Nair", "Lucía Romero", "Tom Baker", "Aylin Demir", "Noor Haddad"]) {
    const shopper = await stage.shopper(name);
    codes.push(...(await stage.buy(shopper, door.event, 1)).map((ticket) => ticket.ticket_code));
  }
  return codes;
}

/** A scan whose verdict stays until it is put away; a green one is scanned for each window with a ticket of its own. */
const scans =
  (next: () => string): Scene =>
  async (page) => {
    await new GatePage(page).next();
    await new GatePage(page).type(next());
    await new GatePage(page).verdict().waitFor();
  };

/** On a phone one thing at a time is shown, on a desk all. */
async function tab(page: Page, name: string): Promise<void> {
  await new GatePage(page).next();
  const button = page.getByRole("navigation", { name: "Gate" }).getByRole("button", { name });
  if (await button.isVisible()) await button.click();
}

test("the gate with a network", async ({ browser, server, stage }) => {
  const door = await stage.door(1);
  const codes = await guests(stage, door);
  const fresh = codes.values();
  const setups = await Sheets.open(browser, server.url, (page) => enter(page, admin, "/gate"));
  await setups.take("gate-setup", at("/gate"));
  await setups.close();

  const desks = await Sheets.open(browser, server.url, gates(door));
  await desks.take("gate-ready", (page) => expect(new GatePage(page).status()).toContainText("Online · everything synced"));
  await desks.take("gate-welcome", scans(() => fresh.next().value!));
  await desks.take("gate-already-in", scans(() => codes[0]!));
  await desks.take("gate-not-genuine", scans(() => door.tickets[0]!.qr.replace(/.{4}$/, "AAAA")));
  await desks.take("gate-find", async (page) => {
    await tab(page, "Find");
    await page.getByLabel("Name, reference, seat or code").fill("stalls");
    await page.getByRole("button", { name: /^Let in / }).first().waitFor();
  });
  await desks.take("gate-this", async (page) => {
    await page.getByRole("button", { name: "This gate" }).click();
    await page.getByRole("dialog").waitFor();
  });
  await desks.close();
});

test("the gate without a network, and what comes of it", async ({ browser, server, stage }) => {
  const door = await stage.door(1);
  const codes = await guests(stage, door);
  const openGate = gates(door);
  // Each device lets in one that another lets in too.
  let device = 0;
  const desks = await Sheets.open(browser, server.url, async (page) => {
    await openGate(page);
    await new GatePage(page).isKept();
    await page.context().setOffline(true);
  });
  await desks.take("gate-offline", async (page) => {
    const gate = new GatePage(page);
    // A green verdict goes by itself: what was scanned is counted instead.
    for (const [at, code] of [codes[device]!, codes[device + 1]!].entries()) {
      await gate.next();
      await gate.type(code);
      await expect(gate.status()).toContainText(`${at + 1} to sync`);
    }
    device++;
    await gate.scan("TCK-ZZZZZZZZZZ");
    await tab(page, "Log");
  });
  await desks.take("gate-conflicts", async (page) => {
    await page.context().setOffline(false);
    await expect(new GatePage(page).status()).toContainText("Online · everything synced");
    await page.getByRole("heading", { name: "By gate" }).waitFor();
  });
  await desks.close();
});

test("the gate's camera, and who may not use it", async ({ browser, server, stage }, info) => {
  const door = await stage.door(1);
  const iris = await stage.shopper("Iris");
  const fans = await Sheets.open(browser, server.url, (page) => enter(page, iris, "/gate"));
  await fans.take("gate-not-staff", at("/gate"));
  await fans.close();

  const phone = await withCamera(browser, await stage.picture(door.tickets[0]!.code), info.outputPath("ticket.y4m"), info.project.use.launchOptions!);
  const desks = await Sheets.open(phone, server.url, gates(door));
  await desks.take("gate-camera", async (page) => {
    await page.getByRole("button", { name: "Start the camera" }).click();
    await page.getByRole("button", { name: "Stop camera" }).waitFor();
    await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.3);
  });
  await desks.close();
  await phone.close();
});

/** A ticket on a phone in the evening, held too close to be sharp. */
const heldUp = (code: Buffer) => `<body style="margin:0;background:radial-gradient(circle at 30% 20%,#6b6b6b,#1c1c1c 70%)">
  <div style="position:absolute;left:165px;top:40px;width:390px;height:720px;border-radius:48px;background:#f4f4f4;border:10px solid #0c0c0c;transform:rotate(-5deg);filter:blur(5px)">
    <p style="margin:48px 40px 30px;font:700 40px system-ui;color:#222">PAPER LANTERNS</p>
    <img style="display:block;width:310px;margin:0 auto" src="data:image/png;base64,${code.toString("base64")}">
  </div>`;

/** A browser whose camera sees a ticket that it cannot read yet. */
async function withCamera(browser: Browser, code: Buffer, path: string, launch: object): Promise<Browser> {
  const { executablePath, args } = launch as { executablePath: string; args?: string[] };
  const page = await browser.newPage({ viewport: { width: 720, height: 720 } });
  await page.setContent(heldUp(code));
  await film(page, await page.screenshot(), path, 1);
  await page.close();
  const camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${path}`];
  return chromium.launch({ executablePath, args: [...(args ?? []), ...camera] });
}
