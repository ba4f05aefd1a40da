import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Browser, type BrowserContext, type BrowserContextOptions, expect, type Page } from "@playwright/test";

/** Where the pictures of the documentation are. */
const folder = resolve("../../docs/screens");

/** How each page is shown, and where on the sheet: two desks one above the other between two phones. */
const looks = [
  { scheme: "light", width: 390, height: 844, left: 0, top: 0, scale: 1 },
  { scheme: "light", width: 1280, height: 800, left: 402, top: 0, scale: 0.52 },
  { scheme: "dark", width: 1280, height: 800, left: 402, top: 428, scale: 0.52 },
  { scheme: "dark", width: 390, height: 844, left: 1080, top: 0, scale: 1 },
] as const;
const sheet = { width: 1470, height: 844, shownAs: 0.7 };

/** Opens a page and brings it into the state to be shown. */
export type Scene = (page: Page) => Promise<void>;

/** Opens a page and waits for its heading. */
export const at =
  (path: string): Scene =>
  async (page) => {
    await page.goto(path);
    await page.locator("h1").first().waitFor({ state: "attached" });
  };

/** Takes each page in both themes and two widths, four pictures on one small sheet. */
export class Sheets {
  private constructor(
    private readonly browser: Browser,
    private readonly pages: Page[],
  ) {}

  /** `begin` is done once in each of the four windows, such as signing in; `options` are for all of them. */
  static async open(browser: Browser, baseURL: string, begin: Scene, options: BrowserContextOptions = {}): Promise<Sheets> {
    const pages: Page[] = [];
    for (const { scheme, width, height } of looks) {
      const context: BrowserContext = await browser.newContext({
        baseURL,
        viewport: { width, height },
        colorScheme: scheme,
        reducedMotion: "reduce",
        locale: "en-GB",
        timezoneId: "Europe/Berlin",
        isMobile: width < 600,
        hasTouch: width < 600,
        ...options,
      });
      const page = await context.newPage();
      await begin(page);
      pages.push(page);
    }
    return new Sheets(browser, pages);
  }

  /** A page that is still waiting for its answers is not busy by mistake where `isBusy` says so. */
  async take(name: string, scene: Scene, { isBusy = false } = {}): Promise<void> {
    const pictures: string[] = [];
    for (const page of this.pages) {
      await scene(page);
      if (!isBusy) await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      await page.evaluate(() => document.fonts.ready.then(() => {}));
      pictures.push((await page.screenshot()).toString("base64"));
    }
    await this.#compose(name, pictures);
  }

  async close(): Promise<void> {
    await Promise.all(this.pages.map((page) => page.context().close()));
  }

  async #compose(name: string, pictures: string[]): Promise<void> {
    const page = await this.browser.newPage();
    const webp = await page.evaluate(draw, { pictures, looks: looks.map((look) => ({ ...look })), sheet });
    await page.close();
    mkdirSync(folder, { recursive: true });
    writeFileSync(resolve(folder, `${name}.webp`), Buffer.from(webp, "base64"));
  }
}

interface Drawing {
  pictures: string[];
  looks: { width: number; height: number; left: number; top: number; scale: number }[];
  sheet: { width: number; height: number; shownAs: number };
}

/** Runs in a page: puts the pictures on one canvas and packs it. */
async function draw({ pictures, looks: places, sheet: size }: Drawing): Promise<string> {
  const canvas = new OffscreenCanvas(size.width * size.shownAs, size.height * size.shownAs);
  const pen = canvas.getContext("2d")!;
  pen.scale(size.shownAs, size.shownAs);
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#8b8794";
  pen.fillRect(0, 0, size.width, size.height);
  for (const [at, { left, top, width, height, scale }] of places.entries()) {
    const bytes = Uint8Array.from(atob(pictures[at]!), (letter) => letter.charCodeAt(0));
    pen.drawImage(await createImageBitmap(new Blob([bytes])), left, top, width * scale, height * scale);
  }
  const packed = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.72 })).arrayBuffer());
  return btoa(packed.reduce((text, byte) => text + String.fromCharCode(byte), ""));
}
