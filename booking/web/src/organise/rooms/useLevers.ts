import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { Room } from "../../api/rooms";
import { serverNow } from "../../api/clock";
import { toast } from "../../ui/Toast";
import { actOnRoom } from "./api";
import { type RoomAct, undoOf } from "./rules";
import { useKeep } from "./useKeep";

/** How long the way back is offered. */
const offeredMs = 30_000;

/** What was just done, and what takes it back. */
export interface Done {
  act: RoomAct;
  undo: RoomAct | null;
  untilMs: number;
}

/** Presses a room's buttons, and remembers the way back. */
export function useLevers(room: Room) {
  const keep = useKeep();
  const [done, setDone] = useState<Done | null>(null);
  const acting = useMutation({
    mutationFn: (act: RoomAct) => actOnRoom(room.id, act),
    onSuccess: (changed, act) => {
      const nowMs = serverNow();
      setDone({ act, undo: undoOf(room, nowMs), untilMs: nowMs + offeredMs });
      keep(changed);
    },
    onError: (error) => toast("bad", `${asProblem(error).message} The room is as it was; try again.`),
  });
  return {
    /** Settles in any case; a failure is told by a toast. */
    act: (act: RoomAct): Promise<unknown> => acting.mutateAsync(act).catch(() => undefined),
    acting: acting.isPending ? acting.variables : null,
    done,
  };
}
