import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTitle } from "../../shell/title";
import { Field, Select } from "../../ui/Field";
import { Loading, Skeleton } from "../../ui/states";
import { ExportButtons } from "../ExportButtons";
import { Listed } from "../Listed";
import { myEventsQuery, statsQuery } from "../api";
import { ReportTable, reportCells } from "./ReportTable";
import { type Grouping, groupings, type Measure, measures, reportOf, type Span, type Told, within } from "./report";

const measureNames = Object.keys(measures) as Measure[];

/** A report put together here: what its rows are, what is told of them, and of which events. */
export function ReportsPage() {
  useTitle("Reports");
  const [by, setBy] = useState<Grouping>("event");
  const [chosen, setChosen] = useState<readonly Measure[]>(["sold", "occupancy", "revenue", "cancellationRate"]);
  const [span, setSpan] = useState<Span>({ from: "", to: "" });
  const events = useQuery(myEventsQuery());
  const meant = within(events.data ?? [], span);
  const answers = useQueries({
    queries: meant.map(({ id }) => ({ ...statsQuery(id), refetchInterval: false as const, staleTime: 30_000 })),
  });
  const told = meant.flatMap((event, index): Told[] => {
    const stats = answers[index]?.data;
    return stats ? [{ event, stats }] : [];
  });
  const shown = measureNames.filter((measure) => chosen.includes(measure));
  const rows = reportOf(told, by);
  const isGathering = answers.some(({ isPending }) => isPending);
  return (
    <div className="grid grid-cols-1 gap-6">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="poster text-3xl">Reports</h1>
        <ExportButtons name={`report-by-${by}`} load={async () => rows.map((row) => reportCells(row, by, shown))} />
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
          label="Events from"
          type="date"
          value={span.from}
          onChange={(event) => setSpan({ ...span, from: event.target.value })}
        />
        <Field
          label="Events until"
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
        query={events}
        what="your events"
        isEmpty={rows.length === 0 && !isGathering}
        empty={{ title: "Nothing to report", says: "No event of yours lies in these days." }}
      >
        {isGathering ? (
          <Loading what="the figures">
            <Skeleton className="h-64" />
          </Loading>
        ) : (
          <ReportTable rows={rows} by={by} shown={shown} />
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
