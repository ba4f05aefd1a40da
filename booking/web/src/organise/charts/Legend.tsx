import type { Series } from "./series";

/** What each line is, and its value where the pointer is (or at the end). */
export function Legend({ series, at }: { series: readonly Series[]; at: number }) {
  return (
    <ul className="caption flex flex-wrap gap-x-5 gap-y-1 text-soft">
      {series.map(({ label, token, look, values, text }) => {
        const value = values[at] ?? null;
        return (
          <li key={label} className="inline-flex items-center gap-2">
            <Swatch look={look} colour={`var(${token})`} />
            {label}
            <span className="figures font-bold text-ink">
              {value === null ? "–" : text ? text(value) : value.toLocaleString()}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Swatch({ look, colour }: { look: Series["look"]; colour: string }) {
  if (look === "bars") return <span aria-hidden="true" className="h-3 w-2 rounded-xs" style={{ background: colour }} />;
  return (
    <svg viewBox="0 0 24 4" className="h-1 w-6" aria-hidden="true">
      <path d="M0 2h24" stroke={colour} strokeWidth="4" strokeDasharray={look === "dashes" ? "5 4" : undefined} />
    </svg>
  );
}
