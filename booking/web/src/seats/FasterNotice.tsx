import { Button } from "../ui/Button";
import { sumText } from "../ui/money";
import type { Faster } from "./SeatPicker";
import { priceOf, type SeatPlan, type SeatStates, seatName, seatState } from "./model";
import { say } from "./words";

interface Props {
  plan: SeatPlan;
  states: SeatStates;
  faster: Faster;
  currency: string;
  isBusy: boolean;
  onTake: () => void;
  onDismiss: () => void;
}

/** Someone was faster: says which seats are gone and offers the nearest, in one press. */
export function FasterNotice({ plan, states, faster, currency, isBusy, onTake, onDismiss }: Props) {
  const name = (id: number) => {
    const index = plan.indexOf.get(id);
    return index === undefined ? say("aSeat") : seatName(plan, index);
  };
  const offered = faster.alternatives.flatMap((id) => plan.indexOf.get(id) ?? []);
  const isStillFree = offered.every((index) => states.state[index] === seatState.free);
  const total = offered.reduce((sum, index) => sum + priceOf(plan, index), 0);
  return (
    <div role="alert" className="grid animate-rise gap-3 border-b-2 border-warn bg-warn-wash p-4 sm:p-5">
      <div>
        <p className="font-bold text-warn">{say("faster")}</p>
        <p className="text-sm">{say("justWent", { seats: faster.lost.map(name).join("; ") })}</p>
      </div>
      {offered.length > 0 && isStillFree ? (
        <>
          <p className="text-sm">
            {say.rich("nearest", {
              seats: <strong>{offered.map((index) => seatName(plan, index)).join("; ")}</strong>,
              sum: sumText(total, currency),
            })}
          </p>
          <div className="flex flex-wrap gap-2">
            <Button look="strong" size="small" busy={isBusy} onClick={onTake}>
              {say("takeInstead", { count: offered.length })}
            </Button>
            <Button look="plain" size="small" onClick={onDismiss}>
              {say("chooseMyself")}
            </Button>
          </div>
        </>
      ) : (
        <Button look="plain" size="small" className="justify-self-start" onClick={onDismiss}>
          {say("chooseOthers")}
        </Button>
      )}
    </div>
  );
}
