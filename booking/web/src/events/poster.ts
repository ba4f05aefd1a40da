/**
 * Posters drawn from the event itself: same event, same picture, everywhere and for ever.
 * A picture is a list of flat shapes on a 400 × 300 sheet; the category chooses the composition, the id and name the rest.
 */

export interface Shape {
  /** Path data on the 400 × 300 sheet. */
  d: string;
  fill?: string;
  stroke?: string;
  width?: number;
  opacity?: number;
}

export interface Poster {
  ground: string;
  shapes: Shape[];
  /** Is the ground dark, so that words on it must be light? */
  dark: boolean;
}

interface Palette {
  ground: string;
  inks: [string, string, string, string];
  dark: boolean;
}

const palettes: Palette[] = [
  {
    ground: "#1b1035",
    inks: ["#ff5a36", "#ffc145", "#7a4dff", "#f6e9ff"],
    dark: true,
  },
  {
    ground: "#ff5a36",
    inks: ["#1b1035", "#ffd9a0", "#c41f4b", "#fff1e6"],
    dark: false,
  },
  {
    ground: "#0d3b3e",
    inks: ["#f5b82e", "#19a08b", "#ff7e5f", "#e8f7ee"],
    dark: true,
  },
  {
    ground: "#f2c230",
    inks: ["#1d1a3a", "#e8452c", "#ffffff", "#2b6de0"],
    dark: false,
  },
  {
    ground: "#12224f",
    inks: ["#4f8cff", "#ff6f91", "#ffd166", "#e6eeff"],
    dark: true,
  },
  {
    ground: "#e9488a",
    inks: ["#2a0a3d", "#ffcf5c", "#ff8fb5", "#fff0f6"],
    dark: false,
  },
  {
    ground: "#18181f",
    inks: ["#c8f169", "#ff5a36", "#5d5b6b", "#f4f3ee"],
    dark: true,
  },
  {
    ground: "#2f9e77",
    inks: ["#0c2f2a", "#f7e26b", "#ff6b4a", "#eafff5"],
    dark: false,
  },
  {
    ground: "#3a1030",
    inks: ["#ff8b3d", "#f23d6d", "#8a2be2", "#ffe9dc"],
    dark: true,
  },
];

export type Composition = "rings" | "bars" | "lanes" | "tiles" | "beams" | "horizon";

const compositions: Record<string, Composition[]> = {
  music: ["rings", "bars"],
  sport: ["lanes"],
  talk: ["tiles"],
  stage: ["beams"],
  film: ["horizon"],
  other: ["tiles", "rings", "horizon", "lanes"],
};

/** Which family of compositions a category in the organiser's own words belongs to. */
export function familyOf(category: string | null): keyof typeof compositions {
  const word = category?.toLowerCase() ?? "";
  if (/concert|music|festival|club|gig|opera/.test(word)) return "music";
  if (/sport|match|race|game|run/.test(word)) return "sport";
  if (/conf|tech|talk|work|meet|business/.test(word)) return "talk";
  if (/theat|comedy|dance|stage|show|musical/.test(word)) return "stage";
  if (/film|movie|cinema/.test(word)) return "film";
  return "other";
}

type Random = () => number;

/** FNV-1a over the text, then Mulberry32 (T. Ettinger, public domain algorithm): small, and the same in every browser. */
export function randomFrom(text: string): Random {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
const round = (value: number) => Math.round(value * 10) / 10;

/** The ground of an event's poster, without the picture on it. */
export const groundOf = (event: { id: number; name: string }): Pick<Poster, "ground" | "dark"> =>
  paletteOf(event, randomFrom(`${event.id}·${event.name}`));

const paletteOf = (event: { id: number }, random: Random): Palette =>
  palettes[(event.id + Math.floor(random() * 3)) % palettes.length] as Palette;

/** Draws the poster of an event. */
export function posterOf(event: { id: number; name: string; category?: string | null }): Poster {
  const random = randomFrom(`${event.id}·${event.name}`);
  const palette = paletteOf(event, random);
  const family = compositions[familyOf(event.category ?? null)] as Composition[];
  const shapes = draw[pick(random, family)](random, palette.inks);
  return { ground: palette.ground, shapes, dark: palette.dark };
}

const circle = (x: number, y: number, r: number) =>
  `M${round(x - r)} ${round(y)}a${round(r)} ${round(r)} 0 1 0 ${round(2 * r)} 0a${round(r)} ${round(r)} 0 1 0 ${round(-2 * r)} 0Z`;

const draw: Record<Composition, (random: Random, inks: Palette["inks"]) => Shape[]> = {
  /** Sound leaving a stage: rings around a point off the sheet's centre, cut by one disc. */
  rings(random, [a, b, c, d]) {
    const x = 120 + random() * 200;
    const y = 90 + random() * 150;
    const shapes: Shape[] = [];
    for (let r = 430, i = 0; r > 40; i++) {
      const width = 10 + random() * 26;
      shapes.push({
        d: circle(x, y, r),
        stroke: pick(random, i % 3 === 0 ? [b, d] : [a, c]),
        width: round(width),
      });
      r -= width + 12 + random() * 22;
    }
    shapes.push({ d: circle(x, y, 34 + random() * 22), fill: d }, { d: circle(x, y, 12), fill: a });
    return shapes;
  },

  /** An equaliser: bars that rise and fall as two waves do. */
  bars(random, [a, b, c, d]) {
    const shapes: Shape[] = [{ d: circle(300 - random() * 200, 120, 78 + random() * 40), fill: c }];
    const step = 14 + Math.floor(random() * 10);
    const phase = random() * 6;
    for (let x = -4, i = 0; x < 410; x += step, i++) {
      const high = 34 + 118 * Math.abs(Math.sin(i * 0.31 + phase)) * (0.55 + random() * 0.45);
      const fill = i % 7 === 3 ? d : i % 3 === 0 ? b : a;
      shapes.push({
        d: `M${x} ${round(300 - high * 1.7)}h${step - 5}V300h${5 - step}Z`,
        fill,
      });
    }
    return shapes;
  },

  /** A running track seen from above. */
  lanes(random, [a, b, c, d]) {
    const tilt = random() * 120 - 60;
    const shapes: Shape[] = [{ d: circle(330, 60, 70 + random() * 30), fill: b }];
    for (let i = 0; i < 8; i++) {
      const y = 70 + i * 34;
      const ink = i % 4 === 1 ? d : i % 4 === 3 ? b : i % 2 === 0 ? a : c;
      shapes.push({
        d: `M-40 ${round(y + 90)}C120 ${round(y + 90 + tilt)} 190 ${round(y - 90 - tilt)} 440 ${round(y - 60)}`,
        stroke: ink,
        width: i % 3 === 0 ? 24 : 13,
      });
    }
    return shapes;
  },

  /** Tiles of quarter discs, squares and dots: a programme made of parts. */
  tiles(random, inks) {
    const shapes: Shape[] = [];
    const side = 100;
    for (let y = 0; y < 300; y += side) {
      for (let x = 0; x < 400; x += side) {
        const ink = pick(random, inks);
        const other = pick(random, inks);
        const kind = Math.floor(random() * 5);
        if (kind < 2) {
          const [sx, sy] = pick(random, [
            [0, 0],
            [1, 0],
            [0, 1],
            [1, 1],
          ] as const);
          const [cx, cy] = [x + sx * side, y + sy * side];
          const sweep = sx === sy ? 1 : 0;
          shapes.push({
            d: `M${cx} ${cy}L${cx + (sx ? -side : side)} ${cy}A${side} ${side} 0 0 ${sweep} ${cx} ${cy + (sy ? -side : side)}Z`,
            fill: ink,
          });
        } else if (kind === 2) {
          shapes.push(
            { d: `M${x} ${y}h${side}v${side}h${-side}Z`, fill: ink },
            { d: circle(x + 50, y + 50, 26), fill: other },
          );
        } else if (kind === 3) {
          shapes.push({
            d: circle(x + 50, y + 50, 38),
            stroke: ink,
            width: 16,
          });
        } else {
          shapes.push({
            d: `M${x} ${y + 25}h${side}M${x} ${y + 50}h${side}M${x} ${y + 75}h${side}`,
            stroke: ink,
            width: 9,
          });
        }
      }
    }
    return shapes;
  },

  /** Spotlights over a stage. */
  beams(random, [a, b, c, d]) {
    const shapes: Shape[] = [];
    for (let i = 0; i < 5; i++) {
      const from = 20 + i * 90 + random() * 40;
      const to = 200 + (random() - 0.5) * 340;
      const spread = 42 + random() * 46;
      shapes.push({
        d: `M${round(from)} -10L${round(to - spread)} 262L${round(to + spread)} 262Z`,
        fill: pick(random, [a, b, c]),
        opacity: 0.72,
      });
    }
    shapes.push(
      { d: "M-20 300V250C100 232 300 232 420 250V300Z", fill: a },
      {
        d: circle(200 + (random() - 0.5) * 160, 214, 30 + random() * 16),
        fill: d,
      },
    );
    return shapes;
  },

  /** A sun behind bands, as on a wide screen. */
  horizon(random, [a, b, c, d]) {
    const x = 90 + random() * 220;
    const r = 92 + random() * 40;
    const shapes: Shape[] = [
      { d: circle(x, 150, r), fill: b },
      { d: circle(x + r * 0.35, 118, r * 0.5), fill: d },
    ];
    for (let y = 150, high = 8, i = 0; y < 320; i++) {
      shapes.push({
        d: `M-10 ${round(y)}H410V${round(y + high)}H-10Z`,
        fill: i % 2 === 0 ? a : c,
      });
      y += high + 9;
      high += 6 + random() * 4;
    }
    return shapes;
  },
};
