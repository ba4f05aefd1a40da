import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { addressOf } from "../../api/address";
import { useTitle } from "../../shell/title";
import { DownloadButton } from "../../ui/DownloadButton";
import { Field, Select } from "../../ui/Field";
import { Listed } from "../Listed";
import { reportQuery } from "../api";
import { ReportTable } from "./ReportTable";
import { type Grouping, groupings, type Measure, measures, questionOf, type Span } from "./report";

const measureNames = Object.keys(measures) as Measure[];

/** A report put together here and added up by the server: what its rows are, what is told of them, and of which days. */
export function ReportsPage() {
  useTitle("Reports");
  const [by, setBy] = useState<Grouping>("event");
  const [chosen, setChosen] = useState<readonly Measure[]>(["tickets", "occupancy", "net", "cancellationRate"]);
  const [span, setSpan] = useState<Span>({ from: "", to: "" });
  const shown = measureNames.filter((measure) => chosen.includes(measure));
  const question = questionOf(by, shown, span);
  const report = useQuery(reportQuery(question));
  return (
    <div className="grid grid-cols-1 gap-6">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="poster text-3xl">Reports</h1>
        <div role="group" aria-label="Save the report" className="flex gap-2">
          <DownloadButton
            address={addressOf("/api/v1/reports.csv", { query: question })}
            fileName={`report-by-${by}.csv`}
            icon="download"
            text="CSV"
          />
          <DownloadButton
            address={addressOf("/api/v1/reports", { query: question })}
            fileName={`report-by-${by}.json`}
            icon="download"
            text="JSON"
          />
        </div>
      </div>
      <div className="grid gap-4 sm:grid-cols-3">
        <Select label="A row for each" value={by} onChange={(event) => setBy(event.target.value as Grouping)}>
          {Object.entries(groupings).map(([grouping, words]) => (
            <option key={grouping} value={grouping}>
              {words}
            </option>
          ))}
        </Select>
        <Field
          label="Sold from (UTC)"
          type="date"
          value={span.from}
          onChange={(event) => setSpan({ ...span, from: event.target.value })}
        />
        <Field
          label="Sold until (UTC)"
          type="date"
          value={span.to}
          onChange={(event) => setSpan({ ...span, to: event.target.value })}
        />
      </div>
      <Measures
        chosen={chosen}
        onToggle={(measure) =>
          setChosen(chosen.includes(measure) ? chosen.filter((each) => each !== measure) : [...chosen, measure])
        }
      />
      <Listed
        query={report}
        what="the figures"
        isEmpty={!report.data || report.data.rows.length === 0}
        empty={{ title: "Nothing to report", says: "Nothing of yours was sold in these days." }}
      >
        {report.data && <ReportTable report={report.data} by={by} shown={shown} />}
        {report.data?.is_cut && (
          <p className="text-sm text-soft">There is more: choose fewer days, or larger groups.</p>
        )}
      </Listed>
    </div>
  );
}

function Measures({ chosen, onToggle }: { chosen: readonly Measure[]; onToggle: (measure: Measure) => void }) {
  return (
    <div role="group" aria-label="Figures to show" className="flex flex-wrap gap-2">
      {measureNames.map((measure) => (
        <button
          key={measure}
          type="button"
          aria-pressed={chosen.includes(measure)}
          onClick={() => onToggle(measure)}
          className="min-h-11 rounded-md border border-control bg-card px-3.5 text-sm font-semibold hover:border-ink aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-paper"
        >
          {measures[measure]}
        </button>
      ))}
    </div>
  );
}
