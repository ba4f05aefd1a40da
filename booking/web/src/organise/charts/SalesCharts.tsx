import { useMemo } from "react";
import { Card } from "../../ui/Card";
import { amountText, minorUnits } from "../../ui/money";
import { TimeChart } from "./TimeChart";
import { gridOf, hourMs, running, type Sold } from "./series";

interface Props {
  sales: readonly Sold[];
  currency: string;
  untilMs: number;
  level: 2 | 3;
}

/** Tickets by the hour, and the money they made so far; nothing as long as nothing was sold. */
export function SalesCharts({ sales, currency, untilMs, level }: Props) {
  // By the hour: looked at again when the next begins.
  const hour = Math.floor(untilMs / hourMs);
  const { times, tickets, revenue } = useMemo(() => {
    const columns = gridOf(sales, hourMs, hour * hourMs);
    return { ...columns, revenue: running(columns.revenueMinor).map((minor) => minor / minorUnits(currency)) };
  }, [sales, currency, hour]);
  if (times.length === 0) return null;
  const money = (value: number) => amountText(Math.round(value * minorUnits(currency)), currency);
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
      <Card className="p-5">
        <TimeChart
          level={level}
          title="Tickets an hour"
          says={`${tickets.at(-1) ?? 0} tickets sold this hour.`}
          times={times}
          series={[{ label: "tickets", token: "--info", look: "bars", values: tickets }]}
        />
      </Card>
      <Card className="p-5">
        <TimeChart
          level={level}
          title="Taken so far"
          says={`${money(revenue.at(-1) ?? 0)} taken so far, before refunds.`}
          times={times}
          series={[{ label: "before refunds", token: "--flare", look: "area", values: revenue, text: money }]}
        />
      </Card>
    </div>
  );
}
