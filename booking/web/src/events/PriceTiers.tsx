import type { TicketType } from "../api/types";
import { Icon } from "../ui/Icon";
import { priceText } from "../ui/money";
import { say } from "./words";

type Tier = Pick<TicketType, "id" | "name" | "price_minor" | "remaining" | "total" | "premium">;

/** What each kind of ticket costs and how much of it is left: words, and a line that shortens. */
export function PriceTiers({ types, currency }: { types: Tier[]; currency: string }) {
  return (
    <ul className="grid gap-2.5">
      {types.map((type) => (
        <li key={type.id}>
          <div className="flex items-baseline justify-between gap-4">
            <span className={type.remaining === 0 ? "text-soft line-through" : "font-semibold"}>
              {type.name}
              {type.premium && <Icon name="star" className="ms-1.5 inline align-[-0.15em] text-flare-ink" />}
              {type.premium && <span className="sr-only"> {say("premium")}</span>}
            </span>
            <span className="figures font-bold">{priceText(type.price_minor, currency)}</span>
          </div>
          <div className="mt-1 flex items-center gap-3">
            <div className="h-1 flex-1 overflow-hidden rounded-full bg-sunk" aria-hidden="true">
              <div className="h-full rounded-full bg-ink" style={{ width: `${share(type)}%` }} />
            </div>
            <span className="caption figures text-soft">{leftWords(type)}</span>
          </div>
        </li>
      ))}
    </ul>
  );
}

const share = (type: Tier) =>
  type.total > 0 ? Math.max(type.remaining > 0 ? 2 : 0, (100 * type.remaining) / type.total) : 0;

const leftWords = (type: Tier) => (type.remaining === 0 ? say("tierGone") : say("tierLeft", { count: type.remaining }));
