/** The middle of some figures. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The figure that a share of all does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export interface Row {
  what: string;
  unit: string;
  /** One figure a run. */
  runs: number[];
  goal: number;
  /** Is more better, as with frames a second? */
  isMoreBetter?: boolean;
}

/** Prints figures as a table, medians with the lowest and highest run, beside their goals. */
export function print(title: string, rows: readonly Row[]): void {
  const lines = rows.map(({ what, unit, runs, goal, isMoreBetter }) => {
    const middle = median(runs);
    // Sixty frames a second come out as 59.9: a screen refreshes every 16.7 ms.
    const isReached = isMoreBetter ? middle >= goal * 0.99 : middle <= goal * 1.01;
    const show = (value: number) => (unit === "" ? value.toFixed(3) : `${Math.round(value)} ${unit}`);
    const span = `${show(Math.min(...runs))} to ${show(Math.max(...runs))}`;
    return `| ${what} | ${show(middle)} (${span}) | ${show(goal)} | ${isReached ? "yes" : "no"} |`;
  });
  console.log([`\n${title}\n`, "| measured | median (lowest to highest) | goal | reached |", "|---|---|---|---|", ...lines, ""].join("\n"));
  console.log(`PAGES ${JSON.stringify(rows.map(({ what, runs, goal }) => ({ what, median: median(runs), goal })))}`);
}
