import { useState } from "react";
import type { Room } from "../../api/rooms";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { useNow } from "../../ui/clock";
import { leverWords, levers, type RoomAct } from "./rules";
import { useLevers } from "./useLevers";

/** What can be done with a line right now: pausing and resuming by one press, the rest after a question, all with a way back. */
export function Levers({ room, most }: { room: Room; most?: number }) {
  const { act, acting, done } = useLevers(room);
  const [asked, setAsked] = useState<RoomAct | null>(null);
  const nowMs = useNow();
  const undo = done !== null && nowMs < done.untilMs ? done.undo : null;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        {levers[room.state].slice(0, most).map((which, index) => (
          <Button
            key={which}
            look={index === 0 ? "strong" : "quiet"}
            busy={acting === which}
            onClick={() => (leverWords[which].ask ? setAsked(which) : void act(which))}
          >
            <Icon name={leverWords[which].icon} /> {leverWords[which].text}
          </Button>
        ))}
      </div>
      <div role="status" className="text-sm empty:hidden">
        {done !== null && nowMs < done.untilMs && (
          <p className="flex flex-wrap items-center gap-x-3">
            {leverWords[done.act].done}
            {undo !== null && (
              <Button look="plain" size="small" onClick={() => void act(undo)}>
                <Icon name="undo" /> Undo
              </Button>
            )}
          </p>
        )}
      </div>
      <Dialog
        open={asked !== null}
        title={asked ? `${leverWords[asked].text} “${room.name}”?` : ""}
        onClose={() => setAsked(null)}
      >
        <p className="mb-5 text-soft">{asked && leverWords[asked].ask}</p>
        <div className="grid gap-2 sm:grid-cols-2">
          <Button
            look="danger"
            busy={acting !== null}
            onClick={() => asked && void act(asked).then(() => setAsked(null))}
          >
            {asked && leverWords[asked].text}
          </Button>
          <Button look="strong" onClick={() => setAsked(null)}>
            Leave it as it is
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
