import type { Box } from "./geometry";

type Pen = CanvasRenderingContext2D;

/**
 * An organiser's drawing on its paper. It was drawn for white paper; on a dark page that would outshine the seats, so by
 * night light and dark change places, hues stay, and the paper takes the page's own colour.
 */
export function drawPlate(pen: Pen, box: Box, picture: CanvasImageSource, paper: string): void {
  // On whole pixels: an edge in between would keep some of the white of each step.
  const [x, y, w, h] = [box.x, box.y, box.w, box.h].map(Math.round) as [number, number, number, number];
  pen.save();
  const over = (mode: GlobalCompositeOperation, colour: string) => {
    pen.globalCompositeOperation = mode;
    pen.fillStyle = colour;
    pen.fillRect(x, y, w, h);
  };
  over("source-over", "#fff");
  pen.drawImage(picture, x, y, w, h);
  if (isDark(paper)) {
    over("difference", "#fff");
    pen.globalCompositeOperation = "hue";
    pen.drawImage(picture, x, y, w, h);
    over("screen", paper);
  }
  pen.restore();
}

/** Is a colour as the browser computes it (`rgb(28, 24, 38)`) nearer to black than to white? */
export function isDark(colour: string): boolean {
  const [red = 255, green = 255, blue = 255] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
