import { useState } from "react";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Stepper } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { sumText } from "../ui/money";
import { Legend } from "./Legend";
import { cheapestWith, priceOf, type SeatPlan, type SeatStates, seatName, seatState } from "./model";
import type { Holding } from "./useHold";
import { say } from "./words";

interface Props {
  plan: SeatPlan;
  states: SeatStates;
  chosen: readonly number[];
  /** The ticket types that the map is narrowed to; null for all. */
  shown: ReadonlySet<number> | null;
  currency: string;
  most: number;
  holding: Holding;
  onRemove: (index: number) => void;
  onHold: () => void;
}

/** The seats chosen so far and what they cost; without any, the quickest way to good ones. */
export function Selection({ plan, states, chosen, shown, currency, most, holding, onRemove, onHold }: Props) {
  const indexes = chosen.flatMap((id) => plan.indexOf.get(id) ?? []);
  const total = indexes.reduce((sum, index) => sum + priceOf(plan, index), 0);
  return (
    <div className="flex flex-1 flex-col gap-4 p-4 pb-[max(1rem,env(safe-area-inset-bottom))] sm:p-5">
      {holding.problem && !holding.needsQueue && (
        <Notice tone="bad" title={holding.problem.title}>
          {holding.problem.detail}
        </Notice>
      )}
      {indexes.length === 0 ? (
        <BestAvailable {...{ plan, states, shown, currency, most, holding }} />
      ) : (
        <>
          <h2 className="heading flex items-baseline justify-between text-xl max-lg:sr-only">
            {say("yourSeats")}
            <span className="text-sm font-medium text-soft">{say("ofMost", { chosen: indexes.length, most })}</span>
          </h2>
          <ul className="grid gap-2 max-lg:flex max-lg:overflow-x-auto">
            {indexes.map((index) => (
              <li
                key={plan.ids[index]}
                className="flex shrink-0 items-center gap-3 rounded-md border border-line ps-3 text-sm lg:text-base"
              >
                <span className="grid size-5 place-items-center rounded-full bg-mine text-paper" aria-hidden="true">
                  <Icon name="check" className="text-[0.7rem]" />
                </span>
                <span className="flex-1">
                  {seatName(plan, index)}
                  <span className="figures block text-sm text-soft max-lg:hidden">
                    {plan.types[plan.type[index]!]?.name} · {sumText(priceOf(plan, index), currency)}
                  </span>
                </span>
                <button
                  type="button"
                  className="grid size-11 place-items-center rounded-md hover:bg-sunk"
                  aria-label={say("removeSeat", { seat: seatName(plan, index) })}
                  onClick={() => onRemove(index)}
                >
                  <Icon name="cross" />
                </button>
              </li>
            ))}
          </ul>
          <Button size="large" className="w-full lg:mt-2" busy={holding.isBusy} onClick={onHold}>
            {say("holdSeats", { count: indexes.length, sum: sumText(total, currency) })}
          </Button>
          <p className="text-center text-sm text-soft max-lg:hidden">{say("heldText")}</p>
        </>
      )}
      <Legend className="mt-auto max-lg:hidden" />
    </div>
  );
}

type BestProps = Pick<Props, "plan" | "states" | "shown" | "currency" | "most" | "holding">;

/** The shop chooses: the best free seats next to each other, of the prices that are shown, held in one step. */
function BestAvailable({ plan, states, shown, currency, most, holding }: BestProps) {
  const [wanted, setWanted] = useState(2);
  const quantity = Math.min(wanted, most);
  const type = plan.types[cheapestWith(plan, states, shown, quantity)];
  // Who sees all prices gets the next one where the cheapest has just gone; who has narrowed them does not.
  const hold = () =>
    void holding.hold({ quantity, best_available: true, ticket_type: shown === null ? undefined : type?.id });
  const isSoldOut = !states.state.includes(seatState.free);
  if (isSoldOut) {
    return (
      <Notice tone="plain" title={say("noSeat")}>
        {say("noSeatText")}
      </Notice>
    );
  }
  return (
    <div className="grid gap-3">
      <div className="max-lg:sr-only">
        <h2 className="heading text-xl">{say("choose")}</h2>
        <p className="text-sm text-soft">{say("chooseText")}</p>
      </div>
      <div className="flex items-center gap-3 lg:flex-col lg:items-stretch">
        <Stepper label={say("numberOfSeats")} value={quantity} min={1} max={most} onChange={setWanted} />
        <Button look="strong" className="flex-1" busy={holding.isBusy} onClick={hold}>
          <span>
            {say("best", { count: quantity })}
            {type && (
              <span className="figures block text-xs font-medium">
                {quantity} × {sumText(type.price_minor, currency)}
              </span>
            )}
          </span>
        </Button>
      </div>
    </div>
  );
}
