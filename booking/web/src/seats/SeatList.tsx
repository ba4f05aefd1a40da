import { memo, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { Icon } from "../ui/Icon";
import { priceText } from "../ui/money";
import { priceOf, type SeatPlan, type SeatStates, seatState, type SectionView, shortLabel } from "./model";
import { say } from "./words";

interface Props {
  plan: SeatPlan;
  states: SeatStates;
  chosen: readonly number[];
  shown: ReadonlySet<number> | null;
  currency: string;
  onToggle: (index: number) => void;
}

/** The same seats as buttons: section, row, seat. Only the opened section is on the page. */
export function SeatList({ onToggle, ...props }: Props) {
  const { plan, states } = props;
  const [open, setOpen] = useState<number | null>(plan.sections.length === 1 ? (plan.sections[0]?.id ?? null) : null);
  // The section answers the press at once; its hundreds of seats come when they are made.
  const shownOf = useDeferredValue(open);
  // One function for all time: a row is made anew only when something in it has changed.
  const latest = useRef(onToggle);
  useEffect(() => {
    latest.current = onToggle;
  });
  const toggle = useCallback((index: number) => latest.current(index), []);
  const { currency } = props;
  const prices = useMemo(
    () => plan.sections.map((section) => sectionPrices(plan, states, section, currency)),
    [plan, states, currency],
  );
  return (
    <div className="absolute inset-0 overflow-y-auto bg-paper p-3 sm:p-5">
      <ul className="mx-auto grid max-w-3xl gap-2">
        {plan.sections.map((section, index) => {
          const free = states.freeBySection[index] ?? 0;
          const isOpen = open === section.id;
          return (
            <li key={section.id} className="rounded-lg border border-line bg-card">
              <h2>
                <button
                  type="button"
                  aria-expanded={isOpen}
                  onClick={() => setOpen(isOpen ? null : section.id)}
                  className="flex min-h-14 w-full items-center gap-3 px-4 text-start"
                >
                  <span className="flex-1 font-bold">{section.name}</span>
                  <span className="text-sm text-soft">
                    {free === 0 ? say("soldOut") : `${say("free", { count: free })} · ${prices[index]}`}
                  </span>
                  <Icon name="down" className={isOpen ? "rotate-180" : ""} />
                </button>
              </h2>
              {isOpen && shownOf === section.id && <Rows {...props} onToggle={toggle} section={section} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** `$40` or `$40–$90`: what free seats of a section cost. */
function sectionPrices(plan: SeatPlan, states: SeatStates, section: SectionView, currency: string): string {
  let [low, high] = [Infinity, 0];
  for (const index of section.seats) {
    if (states.state[index] !== seatState.free) continue;
    low = Math.min(low, priceOf(plan, index));
    high = Math.max(high, priceOf(plan, index));
  }
  return low === high ? priceText(low, currency) : `${priceText(low, currency)}–${priceText(high, currency)}`;
}

function Rows({ section, chosen, ...props }: Props & { section: SectionView }) {
  const { plan } = props;
  const rows = useMemo(() => {
    const found = new Map<string, number[]>();
    for (const index of section.seats) {
      const row = plan.rows[index] ?? "";
      const seats = found.get(row);
      if (seats) seats.push(index);
      else found.set(row, [index]);
    }
    return [...found];
  }, [plan, section]);
  return (
    <div className="grid gap-3 border-t border-line p-4">
      {rows.map(([row, seats]) => {
        const own = chosen.filter((id) => seats.some((index) => plan.ids[index] === id));
        return <Row key={row} row={row} seats={seats} chosen={own.length > 0 ? own : none} {...props} />;
      })}
    </div>
  );
}

const none: readonly number[] = [];

const Row = memo(function Row({
  row,
  seats,
  plan,
  states,
  chosen,
  shown,
  currency,
  onToggle,
}: Props & { row: string; seats: number[] }) {
  const offered = seats.filter(
    (index) =>
      (states.state[index] === seatState.free && (shown === null || shown.has(plan.type[index]!))) ||
      chosen.includes(plan.ids[index]!),
  );
  const id = `row-${plan.ids[seats[0] ?? 0]}`;
  return (
    <div
      role="group"
      aria-labelledby={id}
      className="grid gap-1.5 [contain-intrinsic-block-size:auto_4rem] [content-visibility:auto] sm:grid-cols-[5rem_1fr]"
    >
      <h3 id={id} className="pt-2.5 text-sm font-semibold text-soft">
        {row ? say("rowName", { row }) : say("seatsOf")}
      </h3>
      {offered.length === 0 ? (
        <p className="pt-2.5 text-sm text-soft">{say("noneFree")}</p>
      ) : (
        <div className="flex flex-wrap gap-1.5">
          {offered.map((index) => (
            <button
              key={plan.ids[index]}
              type="button"
              aria-pressed={chosen.includes(plan.ids[index]!)}
              aria-label={say("seatName", {
                seat: shortLabel(plan, index),
                price: priceText(priceOf(plan, index), currency),
              })}
              onClick={() => onToggle(index)}
              className="figures inline-flex min-h-11 min-w-11 items-center justify-center gap-1 rounded-md border border-control px-2 text-sm font-semibold hover:border-ink aria-pressed:border-mine aria-pressed:bg-mine aria-pressed:text-paper"
            >
              {chosen.includes(plan.ids[index]!) && <Icon name="check" />}
              {shortLabel(plan, index)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
});
