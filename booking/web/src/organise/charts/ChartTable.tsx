import { useState } from "react";
import { timeText } from "../../ui/time";
import type { Series } from "./series";

/** Rows of a table at most, the newest first. */
const mostRows = 100;

interface Props {
  title: string;
  times: readonly number[];
  series: readonly Series[];
  timeZone?: string;
}

/** A chart's figures for those who can't see it, or want to read them exactly. */
export function ChartTable({ title, times, series, timeZone }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="caption inline-flex min-h-9 items-center rounded-sm text-soft hover:text-ink">
        As a table<span className="sr-only">: {title}</span>
      </summary>
      {isOpen && (
        <div role="region" aria-label={`${title}, as a table`} tabIndex={0} className="max-h-72 overflow-auto">
          <table className="figures w-full text-sm">
            <thead className="caption text-soft">
              <tr className="[&>th]:px-3 [&>th]:py-2 [&>th]:text-start [&>th]:first:ps-0">
                <th scope="col">When</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rowsOf(times).map((row) => (
                <tr key={times[row]} className="border-t border-line [&>*]:px-3 [&>*]:py-1.5 [&>*]:first:ps-0">
                  <th scope="row" className="text-start font-normal whitespace-nowrap">
                    {timeText(new Date((times[row] ?? 0) * 1000).toISOString(), "short", timeZone)}
                  </th>
                  {series.map(({ label, values, text }) => {
                    const value = values[row] ?? null;
                    return <td key={label}>{value === null ? "–" : text ? text(value) : value.toLocaleString()}</td>;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

/** Positions of the newest instants, the newest first. */
const rowsOf = (times: readonly number[]): number[] =>
  times
    .map((_, row) => row)
    .slice(-mostRows)
    .reverse();
