import { colourReader } from "../ui/colours";

/** The tokens the canvas needs. */
const tokens = {
  free: "--seat-free",
  gone: "--seat-gone",
  held: "--seat-held",
  mine: "--seat-mine",
  mark: "--seat-mark",
  block: "--map-block",
  card: "--card",
  line: "--line",
  ink: "--ink",
  soft: "--ink-soft",
} as const;

export type MapColours = Record<keyof typeof tokens, string>;

export function readColours(host: HTMLElement): MapColours {
  const { read, end } = colourReader(host);
  const colours = Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, read(token)])) as MapColours;
  end();
  return colours;
}
