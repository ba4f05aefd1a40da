import { useQueryClient } from "@tanstack/react-query";
import { JoinLine } from "../admission/JoinLine";
import { StayLonger } from "../admission/StayLonger";
import { isAdmitted } from "../admission/tokens";
import { useAdmissionEnd } from "../admission/useAdmissionEnd";
import type { EventDetail } from "../api/types";
import { buttonClass } from "../ui/Button";
import { Card, Notice } from "../ui/Card";
import { BigCountdown, Countdown } from "../ui/Countdown";
import { useNow } from "../ui/clock";
import { timeText } from "../ui/time";
import { saleState } from "./sale";
import { say } from "./words";

/** Why tickets can't be bought now, or how the line works when they can. */
export function SaleNotice({ event }: { event: EventDetail }) {
  const client = useQueryClient();
  const now = useNow();
  const state = saleState(event, now);
  if (state === "before" && event.sales_open_at) {
    return (
      <Card className="mb-4 grid gap-3 p-5">
        <p className="font-semibold">
          {say("saleOpens", { time: timeText(event.sales_open_at, "both") })}{" "}
          <span className="text-soft">{say("yourTime")}</span>
        </p>
        <BigCountdown
          until={event.sales_open_at}
          onEnd={() => void client.invalidateQueries({ queryKey: ["event", event.id] })}
        />
        {event.room && (
          <JoinLine room={event.room} className={buttonClass("primary")}>
            {say("enterRoom")}
          </JoinLine>
        )}
      </Card>
    );
  }
  const told: Partial<Record<typeof state, [title: string, text: string]>> = {
    cancelled: [say("isCancelled"), say("isCancelledText")],
    "sold-out": [say("soldOut"), say("soldOutText")],
    ended: [say("hasEnded"), say("hasEndedText")],
    past: [say("isOver"), say("isOverText")],
    draft: [say("isDraft"), say("isDraftText")],
  };
  const words = told[state];
  if (words) {
    return (
      <div className="mb-4">
        <Notice tone={state === "cancelled" ? "bad" : "plain"} title={words[0]}>
          {words[1]}
        </Notice>
      </div>
    );
  }
  if (event.room && !isAdmitted(event.room, now)) {
    return (
      <div className="mb-4">
        <Notice tone="info" title={say("hasLine")}>
          {say("hasLineText")}
        </Notice>
      </div>
    );
  }
  return event.room ? <YourTurn room={event.room} /> : null;
}

/** Admitted: how long the turn lasts. */
function YourTurn({ room }: { room: string }) {
  const ends = useAdmissionEnd(room);
  return (
    <div className="mb-4 grid gap-2">
      <Notice tone="good" title={say("yourTurn")}>
        {ends === null
          ? say("yourTurnText")
          : say.rich("yourTurnUntil", {
              time: <Countdown until={new Date(ends).toISOString()} className="font-bold" />,
            })}
      </Notice>
      <StayLonger room={room} />
    </div>
  );
}
