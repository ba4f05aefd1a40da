import type { EventStats } from "../api/types";
import { timeText } from "../ui/time";

const [width, height] = [720, 180];

/** Tickets sold so far, as a line that climbs. */
export function SalesChart({ sales }: { sales: EventStats["sales"] }) {
  const points = running(sales);
  const first = points[0];
  const last = points[points.length - 1];
  if (first === undefined || last === undefined) return null;
  const { sum } = last;
  const x = (at: number) => ((at - first.at) / Math.max(1, last.at - first.at)) * width;
  const y = (value: number) => height - 6 - (value / Math.max(1, sum)) * (height - 16);
  const line = points
    .map((point, index) => `${index === 0 ? "M" : "L"}${x(point.at).toFixed(1)} ${y(point.sum).toFixed(1)}`)
    .join("");
  return (
    <figure>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className="h-44 w-full"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${sum} tickets sold so far`}
      >
        <path d={`${line}L${width} ${height}L0 ${height}Z`} fill="var(--flare-wash)" />
        <path
          d={line}
          fill="none"
          stroke="var(--flare)"
          strokeWidth="3"
          vectorEffect="non-scaling-stroke"
          strokeLinejoin="round"
        />
      </svg>
      <figcaption className="caption mt-1 flex justify-between text-soft">
        <span>{timeText(new Date(first.at).toISOString(), "short")}</span>
        <span className="figures font-bold text-ink">{sum.toLocaleString()}</span>
        <span>{timeText(new Date(last.at).toISOString(), "short")}</span>
      </figcaption>
    </figure>
  );
}

/** The sum of tickets at each instant. */
function running(sales: EventStats["sales"]): { at: number; sum: number }[] {
  const points: { at: number; sum: number }[] = [];
  for (const { at, tickets } of sales)
    points.push({
      at: Date.parse(at),
      sum: (points[points.length - 1]?.sum ?? 0) + tickets,
    });
  return points;
}
