import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Page } from "@playwright/test";

const side = 720;

/** Writes a still film of a picture in the middle of a grey table, for Chromium's make-believe camera; it takes this share of the view. */
export async function film(page: Page, picture: Buffer, path: string, share = 0.6): Promise<void> {
  const luma = await page.evaluate(
    async ({ base64, side, share }) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
      const context = new OffscreenCanvas(side, side).getContext("2d")!;
      context.fillStyle = "#777";
      context.fillRect(0, 0, side, side);
      const edge = (side * (1 - share)) / 2;
      context.drawImage(image, edge, edge, side * share, side * share);
      const { data } = context.getImageData(0, 0, side, side);
      return Array.from({ length: side * side }, (_, at) => data[at * 4]!);
    },
    { base64: picture.toString("base64"), side, share },
  );
  // YUV4MPEG2: a header, then frames of one full plane of brightness and two quarter planes without colour.
  const frame = Buffer.concat([Buffer.from("FRAME\n"), Buffer.from(luma), Buffer.alloc((side * side) / 2, 128)]);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${side} H${side} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
}
