import { useId, useState } from "react";
import type { SeatTicketType, SessionDetail } from "../api/types";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Stepper } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { priceText, sumText } from "../ui/money";
import { mostOf } from "./limit";
import type { Holding } from "./useHold";
import { say } from "./words";

type GaType = Pick<SeatTicketType, "id" | "name" | "price_minor" | "premium"> & { remaining?: number };

interface Props {
  session: SessionDetail;
  types: GaType[];
  /** The code that opened them. */
  code?: string;
  holding: Holding;
}

/** Tickets without seat numbers: which kind, and how many. */
export function GaPicker({ session, types, code, holding }: Props) {
  const available = types.filter((type) => type.remaining !== 0);
  const [typeId, setTypeId] = useState<number | null>(available[0]?.id ?? null);
  const [wanted, setWanted] = useState(2);
  const chosen = available.find((type) => type.id === typeId) ?? available[0];
  const most = Math.min(mostOf(session.event.per_person_limit), chosen?.remaining ?? Infinity);
  const quantity = Math.max(1, Math.min(wanted, most));
  const { currency } = session.event;
  const group = useId();

  if (chosen === undefined) {
    return (
      <Notice tone="plain" title={say("soldOut")}>
        {say("soldOutText")}
      </Notice>
    );
  }
  return (
    <div className="grid gap-6">
      <fieldset className="grid gap-3">
        <legend className="heading mb-3 text-xl">{say("whichTicket")}</legend>
        {types.map((type) => (
          <TypeOption
            key={type.id}
            name={group}
            type={type}
            currency={currency}
            isChosen={type === chosen}
            onChoose={() => setTypeId(type.id)}
          />
        ))}
      </fieldset>
      <div className="flex items-center justify-between gap-4">
        <div>
          <h2 className="heading text-xl">{say("howMany")}</h2>
          <p className="text-sm text-soft">{say("upTo", { count: most })}</p>
        </div>
        <Stepper label={say("numberOfTickets")} value={quantity} min={1} max={most} onChange={setWanted} />
      </div>
      {holding.problem && !holding.needsQueue && (
        <Notice tone="bad" title={holding.problem.title}>
          {holding.problem.detail}
        </Notice>
      )}
      <Button
        size="large"
        busy={holding.isBusy}
        onClick={() =>
          void holding.hold({
            ticket_type: chosen.id,
            quantity,
            best_available: true,
            ...(code === undefined ? {} : { promo_code: code }),
          })
        }
      >
        {say("holdTickets", { count: quantity, sum: sumText(chosen.price_minor * quantity, currency) })}
      </Button>
    </div>
  );
}

interface OptionProps {
  /** Of the group of choices; a page may have two. */
  name: string;
  type: GaType;
  currency: string;
  isChosen: boolean;
  onChoose: () => void;
}

function TypeOption({ name, type, currency, isChosen, onChoose }: OptionProps) {
  const isGone = type.remaining === 0;
  return (
    <label
      className={`flex min-h-17 items-center gap-4 rounded-lg border-2 bg-card px-4 py-3 has-focus-visible:outline-3 has-focus-visible:outline-info ${
        isChosen ? "border-ink" : "border-line hover:border-control"
      } ${isGone ? "opacity-55" : ""}`}
    >
      <input
        type="radio"
        name={name}
        className="size-5 shrink-0 accent-(--flare-ink)"
        checked={isChosen}
        disabled={isGone}
        onChange={onChoose}
      />
      <span className="flex-1">
        <span className="block font-bold">
          {type.name}
          {type.premium && <Icon name="star" className="ms-1.5 inline align-[-0.15em] text-flare-ink" />}
        </span>
        {type.remaining !== undefined && (
          <span className="text-sm text-soft">
            {isGone ? say("soldOut") : say("leftBlock", { count: type.remaining })}
          </span>
        )}
      </span>
      <span className="poster figures text-[1.7rem] leading-none">{priceText(type.price_minor, currency)}</span>
    </label>
  );
}
