import { Link } from "@tanstack/react-router";
import type { Room } from "../../api/rooms";
import { to } from "../../paths";
import { buttonClass } from "../../ui/Button";
import { Badge, Card } from "../../ui/Card";
import { Figure, Figures } from "../Figures";
import { Levers } from "./Levers";
import { stateWords } from "./rules";

/** A room at a glance: what its line does, and the levers one reaches for in a hurry. */
export function RoomCard({ room, level }: { room: Room; level: 2 | 3 }) {
  const Heading = `h${level}` as const;
  const state = stateWords[room.state];
  return (
    <Card className="overflow-hidden">
      <div className="flex flex-wrap items-center justify-between gap-3 p-5">
        <Heading className="text-lg font-bold">
          <Link {...to.room(room.id)} className="underline decoration-line underline-offset-4 hover:decoration-ink">
            {room.name}
          </Link>
        </Heading>
        <Badge tone={state.tone}>{state.text}</Badge>
      </div>
      <Figures>
        <Figure label="Waiting" value={room.waiting} />
        <Figure label="Called" value={room.called} />
        <Figure label={`In the shop, of ${room.cap.toLocaleString()}`} value={room.admitted} />
      </Figures>
      <div className="flex flex-wrap items-end justify-between gap-3 p-5">
        <Levers room={room} most={2} />
        <Link {...to.room(room.id)} className={buttonClass("plain")}>
          All controls
        </Link>
      </div>
    </Card>
  );
}
