import { useQuery } from "@tanstack/react-query";
import type { EventStats } from "../api/types";
import { Card } from "../ui/Card";
import { amountText } from "../ui/money";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { SalesChart } from "./SalesChart";
import { statsQuery } from "./api";

/** The figures of an event's sale, renewed every few seconds. */
export function Stats({ event }: { event: number }) {
  const stats = useQuery(statsQuery(event));
  if (stats.isPending) {
    return (
      <Loading what="the figures" className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {[1, 2, 3, 4].map((each) => (
          <Skeleton key={each} className="h-28" />
        ))}
      </Loading>
    );
  }
  if (stats.isError) return <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />;
  return <Figures stats={stats.data} />;
}

function Figures({ stats }: { stats: EventStats }) {
  const percent = (share: number) => `${Math.round(share * 1000) / 10}%`;
  return (
    <section aria-label="Figures" className="grid gap-4">
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure
          label="Revenue"
          value={amountText(stats.revenue_minor, stats.currency)}
          note={`${stats.bookings.toLocaleString()} bookings`}
        />
        <Figure
          label="Sold"
          value={stats.sold.toLocaleString()}
          note={`of ${stats.capacity.toLocaleString()} · ${percent(stats.occupancy)}`}
        />
        <Figure
          label="In baskets"
          value={stats.held.toLocaleString()}
          note={`${stats.free.toLocaleString()} still free`}
        />
        <Figure
          label="Checked in"
          value={stats.checked_in.toLocaleString()}
          note={`${stats.cancelled.toLocaleString()} bookings cancelled · ${percent(stats.cancellation_rate)}`}
        />
      </dl>
      <Occupancy stats={stats} />
      {stats.sales.length > 1 && (
        <Card className="p-5">
          <h2 className="heading mb-3 text-lg">Tickets sold over time</h2>
          <SalesChart sales={stats.sales} />
        </Card>
      )}
    </section>
  );
}

function Figure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <Card className="flex flex-col p-4 sm:p-5">
      <dt className="caption text-soft">{label}</dt>
      <dd className="poster figures text-3xl break-all">{value}</dd>
      <dd className="mt-1 text-sm text-soft">{note}</dd>
    </Card>
  );
}

/** Sold, held and free as one line. */
function Occupancy({ stats }: { stats: EventStats }) {
  const width = (count: number) => ({
    width: `${stats.capacity > 0 ? (100 * count) / stats.capacity : 0}%`,
  });
  return (
    <div
      role="img"
      aria-label={`${stats.sold} sold, ${stats.held} held, ${stats.free} free of ${stats.capacity}`}
      className="flex h-3 overflow-hidden rounded-full bg-sunk"
    >
      <div className="bg-flare" style={width(stats.sold)} />
      <div className="bg-held" style={width(stats.held)} />
    </div>
  );
}
