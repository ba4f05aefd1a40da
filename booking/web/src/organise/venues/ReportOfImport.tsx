import { Card, Notice } from "../../ui/Card";
import { Figure, Figures } from "../Figures";
import type { ImportReport } from "../../api/types";

/** Lines shown of each kind of doubt. */
const shown = 10;

/** What a file would become, and what is doubtful about it. */
export function ReportOfImport({ report }: { report: ImportReport }) {
  const { seats, sections, categories, unmatched, unmatched_total: missing, duplicates } = report;
  return (
    <section aria-labelledby="outcome" className="grid grid-cols-1 gap-4">
      <h2 id="outcome" className="heading text-2xl">
        What it becomes
      </h2>
      <Card>
        <Figures label="What it becomes">
          <Figure label="Seats" value={seats} />
          <Figure label="Sections" value={sections.length} />
          <Figure label="Categories" value={categories.length} />
        </Figures>
      </Card>
      {seats === 0 && (
        <Notice tone="warn" title="No seats found yet">
          Tick below which shapes are seats, then look again.
        </Notice>
      )}
      {categories.length > 0 && (
        <p className="text-sm">
          {categories.map((each) => `${each.name}: ${each.seats.toLocaleString()}`).join(" · ")}
        </p>
      )}
      {categories.length > 0 && missing > 0 && (
        <Notice tone="warn" title={`${missing.toLocaleString()} seats are in no category`}>
          {listed(unmatched.map(({ section, row, label }) => [section, row, label].filter(Boolean).join(" ")))}
        </Notice>
      )}
      {duplicates.length > 0 && (
        <Notice tone="bad" title="Some seats are there twice">
          {listed(duplicates.map(({ key, lines }) => `${key} (lines ${lines.join(", ")})`))}
        </Notice>
      )}
      {report.left_out.length > 0 && (
        <Notice tone="info" title="Left out of the picture, for safety">
          {listed(report.left_out.map(({ element, count }) => `${count} × ${element}`))}
        </Notice>
      )}
      {(seats === 0 ? [] : report.warnings).map((warning) => (
        <Notice key={warning} tone="warn" title={warning} />
      ))}
    </section>
  );
}

const listed = (texts: readonly string[]): string =>
  texts.length > shown ? `${texts.slice(0, shown).join("; ")}; …` : texts.join("; ");
