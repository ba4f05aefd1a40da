import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Dashboard } from "../../api/types";
import { to } from "../../paths";
import { Card, Notice } from "../../ui/Card";
import { amountText, minorUnits } from "../../ui/money";
import { ErrorState, Loading, Skeleton } from "../../ui/states";
import { Figure, Figures } from "../Figures";
import { TimeChart } from "../charts/TimeChart";
import { dayMs, gridOf } from "../charts/series";
import { dashboardQuery } from "./api";
import { counted, percentText } from "./rollup";

/** The whole house: money, bookings, accounts, and what waits for an admin. */
export function House() {
  const dashboard = useQuery(dashboardQuery());
  if (dashboard.data === undefined) {
    return dashboard.isError ? (
      <ErrorState error={dashboard.error} onRetry={() => void dashboard.refetch()} />
    ) : (
      <Loading what="the house’s figures" className="grid gap-4">
        <Skeleton className="h-28" />
        <Skeleton className="h-64" />
      </Loading>
    );
  }
  const { data } = dashboard;
  const dead = data.jobs["dead"] ?? 0;
  return (
    <section aria-label="The whole house" className="grid gap-4">
      {dead > 0 && (
        <Notice tone="bad" title={dead === 1 ? "A job was given up" : `${dead.toLocaleString()} jobs were given up`}>
          A mail, a refund or a payment may be missing.{" "}
          <Link {...to.jobs("dead")} className="font-semibold underline">
            See what failed
          </Link>
        </Notice>
      )}
      <Card className="overflow-hidden">
        <Sums house={data} />
      </Card>
      <Days house={data} />
    </section>
  );
}

function Sums({ house }: { house: Dashboard }) {
  const [first, ...others] = house.revenue;
  const people = Object.values(house.users).reduce((sum, count) => sum + count, 0);
  const tickets = house.revenue.reduce((sum, each) => sum + each.tickets, 0);
  return (
    <Figures label="The whole house">
      <Figure
        label="Revenue"
        value={first ? amountText(first.revenue_minor, first.currency) : "0"}
        note={others.map((each) => amountText(each.revenue_minor, each.currency)).join(" · ") || "less refunds"}
      />
      <Figure label="Tickets sold" value={tickets} note={counted(house.bookings["confirmed"] ?? 0, "booking")} />
      <Figure
        label="Cancellation rate"
        value={percentText(house.cancellation_rate)}
        note={counted((house.bookings["cancelled"] ?? 0) + (house.bookings["refunded"] ?? 0), "booking")}
      />
      <Figure
        label="Events on sale"
        value={house.events["published"] ?? 0}
        note={counted(house.events["draft"] ?? 0, "draft")}
      />
      <Figure label="Accounts" value={people} note={counted(house.users["organizer"] ?? 0, "organiser")} />
    </Figures>
  );
}

/** Bookings and money by day. */
function Days({ house }: { house: Dashboard }) {
  const currency = house.revenue[0]?.currency ?? "USD";
  const { times, bookings, revenue } = useMemo(() => {
    const days = gridOf(house.registrations, dayMs, Date.parse(house.as_of));
    return { ...days, revenue: days.revenueMinor.map((minor) => minor / minorUnits(currency)) };
  }, [house.registrations, house.as_of, currency]);
  if (times.length === 0) return null;
  const money = (value: number) => amountText(Math.round(value * minorUnits(currency)), currency);
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
      <Card className="p-5">
        <TimeChart
          level={2}
          title="Bookings a day"
          says={`${counted(bookings.at(-1) ?? 0, "booking")} today.`}
          timeZone="UTC"
          times={times}
          series={[{ label: "bookings", token: "--info", look: "bars", values: bookings }]}
        />
      </Card>
      <Card className="p-5">
        <TimeChart
          level={2}
          title="Revenue a day"
          says={`${money(revenue.at(-1) ?? 0)} today.`}
          timeZone="UTC"
          times={times}
          series={[{ label: currency, token: "--flare", look: "bars", values: revenue, text: money }]}
        />
      </Card>
    </div>
  );
}
