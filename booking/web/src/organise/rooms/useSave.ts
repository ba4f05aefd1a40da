import { useMutation } from "@tanstack/react-query";
import { asProblem, type Problem } from "../../api/problem";
import type { Room, RoomSettings } from "../../api/rooms";
import { toast } from "../../ui/Toast";
import { changeRoom } from "./api";
import { useKeep } from "./useKeep";

/** Saves some settings of a room. */
export interface Saving {
  save: (change: Partial<RoomSettings>, said?: string) => void;
  isBusy: boolean;
  problem: Problem | null;
  /** What the server says of a setting, or of a part of it such as `theme/brand`. */
  errorOf: (setting: string) => string | undefined;
}

export function useSave(room: Room): Saving {
  const keep = useKeep();
  const saving = useMutation({
    mutationFn: ({ change }: { change: Partial<RoomSettings>; said: string }) => changeRoom(room, change),
    onSuccess: (changed, { said }) => {
      keep(changed);
      toast("good", said);
    },
  });
  const problem = saving.isError ? asProblem(saving.error) : null;
  return {
    save: (change, said = "Saved. It holds from now on.") => saving.mutate({ change, said }),
    isBusy: saving.isPending,
    problem,
    errorOf: (setting) => problem?.fields[setting],
  };
}
