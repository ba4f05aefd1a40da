import type { Browser, Page } from "@playwright/test";
import { test } from "../support/test";
import { print, type Row } from "./figures";

const runs = Number(process.env["RUNS"] ?? 5);
const slowdown = 4;
/** "Slow 4G" as Lighthouse has it: 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back. */
const slow4g = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
const goals = { lcp_ms: 1500, cls: 0.02, inp_ms: 150 };

interface Vitals {
  lcp_ms: number;
  cls: number;
  inp_ms: number;
}

interface Subject {
  name: string;
  path: string;
  /** What a fan presses there. */
  use: (page: Page) => Promise<void>;
}

const pressTheme = (page: Page) => page.getByRole("button", { name: /Use the (dark|light) theme/ }).click();

const subjects: Subject[] = [
  {
    name: "home",
    path: "/",
    use: async (page) => {
      await pressTheme(page);
      await page.getByRole("searchbox").pressSequentially("jazz", { delay: 60 });
    },
  },
  {
    name: "event page",
    path: "/events/5",
    use: async (page) => {
      await pressTheme(page);
      await page.mouse.wheel(0, 500);
      await pressTheme(page);
    },
  },
  {
    name: "seat page",
    path: "/sessions/5",
    use: async (page) => {
      await page.getByRole("button", { name: "Zoom in" }).click();
      await page.getByRole("button", { name: "List" }).click();
      await page.getByRole("button", { name: /^Balcony \d/ }).click();
      await page.getByRole("button", { name: /^Seat / }).first().click();
      await page.getByRole("button", { name: "Map" }).click();
    },
  },
];

test.use({ demo: true });

test("LCP, CLS and INP on a slow phone", async ({ browser, server }) => {
  const rows: Row[] = [];
  for (const subject of subjects) {
    const measured: Vitals[] = [];
    for (let run = 0; run < runs; run++) measured.push(await vitalsOf(browser, server.url, subject));
    const row = (what: keyof Vitals, name: string, unit: string) =>
      rows.push({ what: `${subject.name}: ${name}`, unit, runs: measured.map((each) => each[what]), goal: goals[what] });
    row("lcp_ms", "largest contentful paint", "ms");
    row("cls", "cumulative layout shift", "");
    row("inp_ms", "slowest interaction", "ms");
  }
  print(`Slow 4G, CPU ${slowdown} times slower, cold cache, 390 × 844, ${runs} runs`, rows);
});

/** Opens a page in a browser that has never seen it, uses it, and asks what the browser noted. */
async function vitalsOf(browser: Browser, baseURL: string, { path, use }: Subject): Promise<Vitals> {
  const context = await browser.newContext({ baseURL, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", slow4g);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.addInitScript(watch);
  await page.goto(path);
  await page.locator("h1").first().waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
  await page.waitForLoadState("networkidle").catch(() => undefined);
  await use(page);
  // The entry of an interaction comes after the frame it caused.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
  const noted = await page.evaluate(() => (window as unknown as { noted: Vitals }).noted);
  await context.close();
  return noted;
}

/** Runs in the page: notes the browser's own measurements as they come. */
function watch(): void {
  const noted = { lcp_ms: 0, cls: 0, inp_ms: 0 };
  (window as unknown as { noted: typeof noted }).noted = noted;
  const observe = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
      durationThreshold: 16,
    } as PerformanceObserverInit);
  observe("largest-contentful-paint", (entry) => {
    noted.lcp_ms = entry.startTime;
  });
  observe("layout-shift", (entry) => {
    const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (!shift.hadRecentInput) noted.cls += shift.value;
  });
  observe("event", (entry) => {
    if ((entry as PerformanceEntry & { interactionId: number }).interactionId > 0) {
      noted.inp_ms = Math.max(noted.inp_ms, entry.duration);
    }
  });
}
