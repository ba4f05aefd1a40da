/** Contrast as WCAG 2.2 reckons it, and the text that the queue page puts on a colour; the server decides by the same rule. */

const ink = "#17131f";
const paper = "#f5f2fa";
const readable = 4.5;

/** The longest logo that a room keeps as data, in characters. */
export const logoLenMax = 16_384;

/** The page's dark or light text, whichever can be read better; null when neither can. */
export function textOn(colour: string): string | null {
  const best = contrast(colour, ink) >= contrast(colour, paper) ? ink : paper;
  return contrast(colour, best) >= readable ? best : null;
}

/** 1 to 21. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}
