import type { ReactNode } from "react";

/** A part of a bar. */
export interface Part {
  label: string;
  value: number;
  className: string;
}

export interface Bar {
  key: string | number;
  label: ReactNode;
  /** What stands at the end of the label's line. */
  figure: string;
  parts: readonly Part[];
  whole: number;
}

/** Shares of a whole as lines, one below the other; each says in words what it shows. */
export function ShareBars({ bars }: { bars: readonly Bar[] }) {
  return (
    <ul className="grid gap-4">
      {bars.map(({ key, label, figure, parts, whole }) => (
        <li key={key}>
          <p className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
            <span className="min-w-0 font-semibold">{label}</span>
            <span className="figures text-soft">{figure}</span>
          </p>
          <ShareLine parts={parts} whole={whole} />
        </li>
      ))}
    </ul>
  );
}

/** One such line. */
export function ShareLine({ parts, whole }: { parts: readonly Part[]; whole: number }) {
  const width = (value: number) => ({ width: `${whole > 0 ? Math.min(100, (100 * value) / whole) : 0}%` });
  const words = parts.map(({ label, value }) => `${value.toLocaleString()} ${label}`).join(", ");
  return (
    <div
      role="img"
      aria-label={`${words} of ${whole.toLocaleString()}`}
      className="flex h-3 overflow-hidden rounded-full bg-sunk"
    >
      {parts.map(({ label, value, className }) => (
        <div key={label} className={className} style={width(value)} />
      ))}
    </div>
  );
}
