import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Layout } from "../../api/types";
import { ErrorState, Loading, Skeleton } from "../../ui/states";
import { layoutQuery } from "../api";
import { PlanMap } from "./PlanMap";

/** A saved plan to look at. */
export function PlanLook({ layout }: { layout: Layout }) {
  const plan = useQuery(layoutQuery(layout.id));
  const [chosen, setChosen] = useState<number | null>(null);
  if (plan.isPending) {
    return (
      <Loading what="the plan">
        <Skeleton className="h-80" />
      </Loading>
    );
  }
  if (plan.isError) return <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />;
  const { width, height, sections } = plan.data;
  return (
    <div className="grid gap-3">
      <div className="h-80 rounded-lg border border-line">
        <PlanMap
          plan={plan.data}
          box={{ x: 0, y: 0, w: width, h: height }}
          says={`Plan of ${sections.length} sections with ${layout.seats} seats.`}
          chosen={chosen}
          onPick={setChosen}
        />
      </div>
      <p className="text-sm text-soft" aria-live="polite">
        {chosen === null
          ? `${sections.length} sections, ${layout.seats.toLocaleString()} seats.`
          : sectionWords(sections[chosen])}
      </p>
    </div>
  );
}

function sectionWords(section: { name: string; standing: boolean; rows: { seats: unknown[] }[] } | undefined): string {
  if (section === undefined) return "";
  const seats = section.rows.reduce((sum, row) => sum + row.seats.length, 0);
  return section.standing
    ? `${section.name}: standing room.`
    : `${section.name}: ${section.rows.length} rows, ${seats.toLocaleString()} seats.`;
}
