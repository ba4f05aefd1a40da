import { Icon } from "../ui/Icon";
import { priceText } from "../ui/money";
import type { SeatPlan, SeatStates } from "./model";
import { say } from "./words";

export type Way = "map" | "list";

interface Props {
  plan: SeatPlan;
  states: SeatStates;
  currency: string;
  shown: ReadonlySet<number> | null;
  onShown: (shown: ReadonlySet<number> | null) => void;
  way: Way;
  onWay: (way: Way) => void;
  isPushed: boolean;
}

const chip =
  "flex min-h-11 items-center gap-2 rounded-md border px-3 text-sm font-semibold whitespace-nowrap transition-colors " +
  "aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-paper border-control bg-card hover:border-ink";

/** Above the map: map or list, and one switch a price. */
export function PickerTools({ plan, states, currency, shown, onShown, way, onWay, isPushed }: Props) {
  const toggle = (index: number) => {
    const next = new Set(shown ?? []);
    if (!next.delete(index)) next.add(index);
    onShown(next.size === 0 ? null : next);
  };
  return (
    <div className="flex items-center gap-2 overflow-x-auto border-b border-line bg-paper px-3 py-2 sm:px-5">
      <div
        role="group"
        aria-label={say("ways")}
        className="flex shrink-0 overflow-hidden rounded-md border border-control bg-card"
      >
        {(["map", "list"] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={way === each}
            onClick={() => onWay(each)}
            className="flex min-h-11 items-center gap-2 px-3 text-sm font-semibold -outline-offset-3! aria-pressed:bg-ink aria-pressed:text-paper"
          >
            <Icon name={each} />
            {say(each)}
          </button>
        ))}
      </div>
      <div role="group" aria-label={say("showPrices")} className="flex gap-2">
        {plan.types.map((type, index) => (
          <button
            key={type.id}
            type="button"
            aria-pressed={shown?.has(index) ?? false}
            onClick={() => toggle(index)}
            hidden={type.seated === false}
            className={type.seated === false ? "hidden" : chip}
          >
            {type.premium && <Icon name="star" />}
            {type.name}
            <span className="figures">{priceText(type.price_minor, currency)}</span>
          </button>
        ))}
      </div>
      <p
        className="caption ms-auto flex shrink-0 items-center gap-1.5 ps-3 text-soft"
        title={`Version ${states.version}`}
      >
        <span className={`size-2 rounded-full ${isPushed ? "bg-good" : "bg-warn"}`} aria-hidden="true" />
        {isPushed ? say("live") : say("polled")}
      </p>
    </div>
  );
}
