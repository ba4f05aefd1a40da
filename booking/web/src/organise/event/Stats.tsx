import { useQuery } from "@tanstack/react-query";
import { serverNow } from "../../api/clock";
import type { EventStats } from "../../api/types";
import { Card } from "../../ui/Card";
import { amountText } from "../../ui/money";
import { ErrorState, Loading, Skeleton } from "../../ui/states";
import { Figure, Figures } from "../Figures";
import { statsQuery } from "../api";
import { SalesCharts } from "../charts/SalesCharts";
import { ShareLine } from "../charts/ShareBars";
import { percentText } from "../overview/rollup";

/** The figures of an event's sale, renewed every few seconds. */
export function Stats({ event }: { event: number }) {
  const stats = useQuery(statsQuery(event));
  if (stats.data === undefined) {
    return stats.isError ? (
      <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />
    ) : (
      <Loading what="the figures">
        <Skeleton className="h-36" />
      </Loading>
    );
  }
  return <Sums stats={stats.data} />;
}

const bookingsText = (count: number) => `${count.toLocaleString()} ${count === 1 ? "booking" : "bookings"}`;

function Sums({ stats }: { stats: EventStats }) {
  return (
    <section aria-label="Figures" className="grid grid-cols-1 gap-4">
      <Card className="overflow-hidden">
        <Figures label="Sale">
          <Figure
            label="Revenue"
            value={amountText(stats.revenue_minor, stats.currency)}
            note={bookingsText(stats.bookings)}
          />
          <Figure
            label="Sold"
            value={stats.sold}
            note={`of ${stats.capacity.toLocaleString()} · ${percentText(stats.occupancy)}`}
          />
          <Figure label="In baskets" value={stats.held} note={`${stats.free.toLocaleString()} still free`} />
          <Figure label="Cancelled" value={percentText(stats.cancellation_rate)} note={bookingsText(stats.cancelled)} />
          <Figure label="Checked in" value={stats.checked_in} note={`of ${stats.sold.toLocaleString()} tickets`} />
        </Figures>
        <div className="p-4 sm:p-5">
          <ShareLine
            parts={[
              { label: "sold", value: stats.sold, className: "bg-flare" },
              { label: "held", value: stats.held, className: "bg-held" },
            ]}
            whole={stats.capacity}
          />
        </div>
      </Card>
      <SalesCharts sales={stats.sales} currency={stats.currency} untilMs={serverNow()} level={2} />
    </section>
  );
}
