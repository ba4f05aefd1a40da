import type { EventDetail } from "../api/types";
import { say } from "./words";

/** What a buyer should know before: how many, what comes back, who sells. */
export function Terms({ event }: { event: EventDetail }) {
  const lines = [
    event.per_person_limit ? say("limit", { count: event.per_person_limit }) : null,
    event.refund_policy ? refundText(event.refund_policy) : null,
    event.organiser ? say("organisedBy", { name: event.organiser }) : null,
  ].filter((line) => line !== null);
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby="terms">
      <h2 id="terms" className="heading mb-3 text-xl">
        {say("goodToKnow")}
      </h2>
      <ul className="grid max-w-prose gap-1.5 text-soft">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

/** The event's refund terms in words; both bounds are hours before the start. */
export function refundText({ full_until_h: full, half_until_h: half }: EventDetail["refund_policy"]): string {
  const before = beforeText(full);
  if (half === full) return say("fullOnly", { before });
  if (half === 0) return say("fullThenHalf", { before });
  return say("fullAndHalf", { before, later: beforeText(half) });
}

const beforeText = (hours: number): string =>
  hours % 24 === 0 ? say("daysBefore", { count: hours / 24 }) : say("hoursBefore", { count: hours });
