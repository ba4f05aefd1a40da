import { serverNow } from "../../api/clock";
import type { EventStats } from "../../api/types";
import { Card } from "../../ui/Card";
import { amountText } from "../../ui/money";
import { Figure, Figures } from "../Figures";
import { SalesCharts } from "../charts/SalesCharts";
import { percentText, salesIn, shareOf, totalsOf } from "./rollup";

interface Props {
  stats: readonly EventStats[];
  /** Also the sums, for those who have no figures of the house above. */
  withTotals: boolean;
}

/** How the events on sale do together. */
export function SalesNow({ stats, withTotals }: Props) {
  const totals = totalsOf(stats);
  const currency = totals.revenue[0]?.currency ?? "USD";
  const sales = salesIn(stats, currency);
  return (
    <section aria-label="Sales of the events on sale" className="grid gap-4">
      {withTotals && (
        <Card className="overflow-hidden">
          <Figures label="Events on sale">
            <Figure
              label="Revenue"
              value={totals.revenue[0] ? amountText(totals.revenue[0].revenueMinor, currency) : "0"}
              note={
                totals.revenue
                  .slice(1)
                  .map((each) => amountText(each.revenueMinor, each.currency))
                  .join(" · ") || "less refunds"
              }
            />
            <Figure label="Tickets sold" value={totals.sold} note={`of ${totals.capacity.toLocaleString()}`} />
            <Figure label="In baskets" value={totals.held} note="held, not paid yet" />
            <Figure
              label="Cancellation rate"
              value={percentText(shareOf(totals.cancelled, totals.bookings))}
              note={`${totals.cancelled.toLocaleString()} of ${totals.bookings.toLocaleString()} bookings`}
            />
            <Figure label="Checked in" value={totals.checkedIn} note={`of ${totals.sold.toLocaleString()} tickets`} />
          </Figures>
        </Card>
      )}
      <SalesCharts sales={sales} currency={currency} untilMs={serverNow()} level={2} />
    </section>
  );
}
