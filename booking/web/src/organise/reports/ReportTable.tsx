import { majorText, sumText } from "../../ui/money";
import { DataTable, type Head } from "../DataTable";
import type { Cells } from "../exports";
import { percentText } from "../overview/rollup";
import { type Grouping, groupings, type Measure, measures, type ReportRow, totalsOf, valueOf } from "./report";

interface Props {
  rows: readonly ReportRow[];
  by: Grouping;
  shown: readonly Measure[];
}

/** The report with its sums below. */
export function ReportTable({ rows, by, shown }: Props) {
  // Which columns there are is chosen on the page, so their names are plain texts here.
  const heads: Head<string>[] = [
    { text: groupings[by] },
    ...shown.map((measure) => ({ text: measures[measure], tight: true })),
  ];
  return (
    <DataTable
      caption="Report"
      heads={heads}
      rows={[...rows, ...totalsOf(rows)]}
      keyOf={({ name, currency }) => `${name} ${currency}`}
    >
      {(row) => ({
        [groupings[by]]: row.name,
        ...Object.fromEntries(
          shown.map((measure) => [
            measures[measure],
            <span key={measure} className="figures">
              {textOf(row, measure)}
            </span>,
          ]),
        ),
      })}
    </DataTable>
  );
}

function textOf(row: ReportRow, measure: Measure): string {
  const value = valueOf(row, measure);
  if (value === null) return "–";
  if (measure === "revenue") return sumText(value, row.currency);
  return measure === "occupancy" || measure === "cancellationRate" ? percentText(value) : value.toLocaleString();
}

/** A row as it is saved: plain numbers, amounts in major units beside their currency. */
export const reportCells = (row: ReportRow, by: Grouping, shown: readonly Measure[]): Cells => ({
  [groupings[by]]: row.name,
  ...Object.fromEntries(
    shown.map((measure) => {
      const value = valueOf(row, measure);
      return [measures[measure], measure === "revenue" && value !== null ? majorText(value, row.currency) : value];
    }),
  ),
  ...(shown.includes("revenue") ? { Currency: row.currency } : {}),
});
