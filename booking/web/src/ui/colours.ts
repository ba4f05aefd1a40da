/** Gives the colours of tokens as a canvas understands them, for the theme in use: it can't read CSS variables itself. */
export function colourReader(host: HTMLElement): { read: (token: string) => string; end: () => void } {
  const probe = document.createElement("span");
  // Where less motion is wanted every element has a (short) transition: it would still show the colour before.
  probe.style.transitionProperty = "none";
  host.append(probe);
  return {
    read: (token) => {
      probe.style.color = `var(${token})`;
      return getComputedStyle(probe).color;
    },
    end: () => probe.remove(),
  };
}
