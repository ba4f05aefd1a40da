import type { Browser } from "@playwright/test";
import { test } from "../support/test";
import { median, print, quantile, type Row } from "./figures";

const runs = Number(process.env["RUNS"] ?? 5);
/** Twenty blocks of 50 × 50: a stadium of 50,000 seats. */
const blocks = 20;
const block = { rows: 50, columns: 50 };
const gestureMs = 3000;

interface Motion {
  /** From the start of the navigation to the first picture of the map. */
  firstPaint_ms: number;
  /** Time between frames while the map is zoomed and moved. */
  frames_ms: number[];
}

test("frames of the seat map at 50,000 seats", async ({ browser, server, stage }) => {
  const session = await stage.stadium(blocks, block);
  const rows: Row[] = [];
  for (const [slowdown, goal] of [
    [1, 60],
    [4, 30],
  ] as const) {
    const measured: Motion[] = [];
    for (let run = 0; run < runs; run++) measured.push(await motionOf(browser, server.url, session, slowdown));
    const cpu = slowdown === 1 ? "full CPU" : `CPU ${slowdown} times slower`;
    const perSecond = measured.map(({ frames_ms }) => 1000 / median(frames_ms));
    rows.push({ what: `${cpu}: frames a second`, unit: "/s", runs: perSecond, goal, isMoreBetter: true });
    const slow = measured.map(({ frames_ms }) => quantile(frames_ms, 0.95));
    rows.push({ what: `${cpu}: 95 % of frames come within`, unit: "ms", runs: slow, goal: 2000 / goal });
    rows.push({ what: `${cpu}: first picture`, unit: "ms", runs: measured.map((each) => each.firstPaint_ms), goal: 1500 });
  }
  print(`The seat map, ${blocks * block.rows * block.columns} seats, 1280 × 800, zoomed and moved for ${gestureMs / 1000} s, ${runs} runs`, rows);
});

async function motionOf(browser: Browser, baseURL: string, session: number, slowdown: number): Promise<Motion> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.goto(`/sessions/${session}`, { waitUntil: "commit" });
  const firstPaint_ms = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          const canvas = document.querySelector<HTMLCanvasElement>("[role=application] canvas");
          const isPainted = canvas !== null && canvas.style.transform !== "";
          if (isPainted) resolve(performance.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  const frames_ms = await page.evaluate(gesture, gestureMs);
  await context.close();
  return { firstPaint_ms, frames_ms };
}

/** Runs in the page: the wheel and the arrow keys, one event a frame, and how long each frame took. */
function gesture(lengthMs: number): Promise<number[]> {
  const map = document.querySelector<HTMLElement>("[role=application]")!;
  const { left, top, width, height } = map.getBoundingClientRect();
  const [clientX, clientY] = [left + width * 0.45, top + height * 0.55];
  const wheel = (deltaY: number) =>
    map.dispatchEvent(new WheelEvent("wheel", { deltaY, clientX, clientY, bubbles: true, cancelable: true }));
  const key = (name: string) => map.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  return new Promise((resolve) => {
    const frames: number[] = [];
    const start = performance.now();
    let before = start;
    const step = (now: number) => {
      if (now > before) frames.push(now - before);
      before = now;
      const part = (now - start) / lengthMs;
      if (part >= 1) return resolve(frames.slice(1));
      if (part < 0.35) wheel(-28);
      else if (part < 0.65) key(frames.length % 40 < 20 ? "ArrowLeft" : "ArrowUp");
      else wheel(28);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}
