import { mkdirSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
const out = "/tmp/pg/shots";
export async function look(page: Page, name: string, full = true): Promise<void> {
  mkdirSync(out, { recursive: true });
  const pics: { b: string; w: number; h: number }[] = [];
  const before = page.viewportSize()!;
  for (const [w, h, scheme] of [[390, 844, "light"], [1440, 900, "light"], [1440, 900, "dark"], [390, 844, "dark"]] as const) {
    await page.setViewportSize({ width: w, height: h });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
    await page.waitForTimeout(150);
    const height = full ? Math.min(2400, Math.max(h, await page.evaluate(() => document.documentElement.scrollHeight))) : h;
    const side = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (side > 0) console.log(`SIDEWAYS ${name} ${w} by ${side}`);
    pics.push({ b: (await page.screenshot({ fullPage: full })).toString("base64"), w, h: height });
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: "light" });
  const p = await page.context().newPage();
  const png = await p.evaluate(async (pics) => {
    const s = 0.62;
    const W = 390 + 1440 * s + 390 + 20;
    const H = Math.max(pics[0].h, pics[3].h, (pics[1].h + pics[2].h) * s + 10);
    const c = new OffscreenCanvas(W, H); const g = c.getContext("2d")!;
    g.imageSmoothingQuality = "high"; g.fillStyle = "#888"; g.fillRect(0, 0, W, H);
    const put = async (i: number, x: number, y: number, k: number) => {
      const bytes = Uint8Array.from(atob(pics[i].b), (l) => l.charCodeAt(0));
      const im = await createImageBitmap(new Blob([bytes])); g.drawImage(im, x, y, im.width * k, im.height * k);
    };
    await put(0, 0, 0, 1); await put(1, 400, 0, s); await put(2, 400, pics[1].h * s + 10, s); await put(3, 400 + 1440 * s + 10, 0, 1);
    const a = new Uint8Array(await (await c.convertToBlob({ type: "image/png" })).arrayBuffer());
    let t = ""; for (let i = 0; i < a.length; i += 30000) t += String.fromCharCode(...a.subarray(i, i + 30000));
    return btoa(t);
  }, pics);
  await p.close();
  writeFileSync(`${out}/${name}.png`, Buffer.from(png, "base64"));
}
