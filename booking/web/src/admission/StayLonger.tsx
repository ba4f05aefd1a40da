import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../api/problem";
import { Button } from "../ui/Button";
import { Countdown } from "../ui/Countdown";
import { Icon } from "../ui/Icon";
import { toast } from "../ui/Toast";
import { useNow } from "../ui/clock";
import { useAdmissionEnd } from "./useAdmissionEnd";
import { stayLonger, visitQuery } from "./visit";
import { say } from "./words";

/** So long before its end a visit is worth lengthening. */
const nearMs = 180_000;
/** Repetitions where the shop or the network does not answer; each names the same end, so one renewal is used. */
const triesMost = 3;

/** More time in the shop, offered when a visit nears its end and the room has some to give. */
export function StayLonger({ room }: { room: string }) {
  const client = useQueryClient();
  const endsMs = useAdmissionEnd(room);
  const leftMs = (endsMs ?? 0) - useNow();
  const isNear = leftMs > 0 && leftMs < nearMs;
  const visit = useQuery({ ...visitQuery(room), enabled: isNear });
  const stay = useMutation({
    mutationFn: (knownEnd: string | null) => stayLonger(room, knownEnd),
    retry: (failures, error) => failures < triesMost && [0, 503].includes(asProblem(error).status),
    onSuccess: () => toast("good", say("moreTime")),
    onError: (error) => toast("bad", asProblem(error).message),
    onSettled: () => client.invalidateQueries({ queryKey: visitQuery(room).queryKey }),
  });
  if (!isNear || endsMs === null || !visit.data || visit.data.renewals_left === 0) return null;
  const { admitted_until } = visit.data;
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2 rounded-md bg-warn-wash px-4 py-2 text-warn">
      <p className="flex items-center gap-2 font-semibold">
        <Icon name="clock" />
        <span>{say.rich("endsIn", { time: <Countdown until={new Date(endsMs).toISOString()} /> })}</span>
      </p>
      <Button look="quiet" size="small" busy={stay.isPending} onClick={() => stay.mutate(admitted_until)}>
        {say("stay")}
      </Button>
    </div>
  );
}
