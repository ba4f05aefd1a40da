import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { newKey } from "../api/ids";
import { asProblem } from "../api/problem";
import { extendHold } from "../seats/api";
import { setBasket } from "../seats/basket";
import { Button } from "../ui/Button";
import { Countdown } from "../ui/Countdown";
import { Icon } from "../ui/Icon";
import { toast } from "../ui/Toast";
import { useNow } from "../ui/clock";
import { type Order, orderOfHold } from "./order";
import { say } from "./words";

/** From here on the clock is a warning. */
const warnMs = 120_000;

/** How long the tickets are held; more time can be had once. */
export function TimeLeft({ order, onChange }: { order: Order; onChange: (order: Order) => void }) {
  const key = useRef(newKey());
  const now = useNow();
  const extend = useMutation({
    mutationFn: (hold: string) => extendHold(hold, key.current),
    onSuccess: (hold) => {
      const next = orderOfHold(hold);
      onChange({
        ...order,
        expires_at: hold.expires_at,
        extendable: hold.extendable,
      });
      setBasket({
        hold: hold.id,
        session: next.session.id,
        expires_at: hold.expires_at,
        tickets: hold.seats.length,
      });
      toast("good", say("haveMoreTime"));
    },
    onError: (error) => toast("bad", asProblem(error).message),
  });
  if (order.expires_at === null) return null;
  const isUrgent = Date.parse(order.expires_at) - now < warnMs;
  return (
    <div
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg px-4 py-3 ${isUrgent ? "bg-warn-wash text-warn" : "bg-sunk"}`}
    >
      <Icon name="clock" className="text-2xl" />
      <p className="flex-1">
        <span className="block text-sm">{isUrgent ? say("hurry") : say("heldFor")}</span>
        <Countdown until={order.expires_at} className="poster text-[1.9rem] leading-none" />
      </p>
      {order.extendable && order.hold && (
        <Button
          look="quiet"
          size="small"
          busy={extend.isPending}
          onClick={() => order.hold && extend.mutate(order.hold)}
        >
          {say("moreTime")}
        </Button>
      )}
    </div>
  );
}
