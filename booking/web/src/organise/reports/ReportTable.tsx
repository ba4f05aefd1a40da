import type { SalesReport, SalesReportRow } from "../../api/types";
import { sumText } from "../../ui/money";
import { DataTable, type Head } from "../DataTable";
import { percentText } from "../overview/rollup";
import { type Grouping, groupings, isMoney, type Measure, measures, totalsOf, valueOf } from "./report";

interface Props {
  report: SalesReport;
  by: Grouping;
  shown: readonly Measure[];
}

/** The report with its sums below. */
export function ReportTable({ report, by, shown }: Props) {
  // Which columns there are is chosen on the page, so their names are plain texts here.
  const heads: Head<string>[] = [
    { text: groupings[by] },
    ...shown.map((measure) => ({ text: measures[measure], tight: true })),
  ];
  return (
    <DataTable
      caption="Report"
      heads={heads}
      rows={[...report.rows, ...totalsOf(report)]}
      keyOf={({ key, currency }) => `${key} ${currency}`}
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

function textOf(row: SalesReportRow, measure: Measure): string {
  const value = valueOf(row, measure);
  if (value === null) return "–";
  if (isMoney(measure)) return sumText(value, row.currency);
  return measure === "occupancy" || measure === "cancellationRate" ? percentText(value) : value.toLocaleString();
}
