/** The tokens the canvas needs, resolved for the theme in use: a canvas can't read CSS variables itself. */
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
  const probe = document.createElement("span");
  // Where less motion is wanted every element has a (short) transition: it would still show the colour before.
  probe.style.transitionProperty = "none";
  host.append(probe);
  const resolve = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => [name, resolve(token)]),
  ) as MapColours;
  probe.remove();
  return colours;
}
