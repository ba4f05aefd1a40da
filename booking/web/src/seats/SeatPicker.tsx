import { useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import type { SeatSnapshot, SessionDetail } from "../api/types";
import { toast } from "../ui/Toast";
import { FasterNotice } from "./FasterNotice";
import { GaPicker } from "./GaPicker";
import { PickerTools, type Way } from "./PickerTools";
import { QueueDialog } from "./QueueDialog";
import { SeatList } from "./SeatList";
import { SeatMap } from "./SeatMap";
import { Selection } from "./Selection";
import { Unlock } from "./Unlock";
import { useChoice } from "./choice";
import { mostOf } from "./limit";
import { useLiveSeats } from "./live";
import { dropGone, nearestFree, planOf, seatName, seatState } from "./model";
import { useHold } from "./useHold";
import { say } from "./words";

/** Seats lost to others, and what can be had instead. */
export interface Faster {
  lost: number[];
  alternatives: number[];
}

/** Choosing seats: map or list, filters, the choice, and what to do when someone was faster. */
export function SeatPicker({ session, snapshot }: { session: SessionDetail; snapshot: SeatSnapshot }) {
  const plan = useMemo(() => planOf(snapshot), [snapshot]);
  const { states, isPushed, refresh } = useLiveSeats(session.id, plan, snapshot);
  const [chosen, setChosen] = useChoice(session.id);
  const [shown, setShown] = useState<ReadonlySet<number> | null>(null);
  const [way, setWay] = useState<Way>("map");
  // The switch answers the press at once; map or list, which take a slow phone longer, come when they are made.
  const pane = useDeferredValue(way);
  const [faster, setFaster] = useState<Faster | null>(null);
  const holding = useHold(session);
  const most = mostOf(session.event.per_person_limit);
  const { currency } = session.event;

  // A seat chosen here but sold elsewhere leaves the choice at once, with a neighbour offered.
  useEffect(() => {
    if (holding.isBusy) return;
    const { kept, gone } = dropGone(plan, states, chosen);
    if (gone.length === 0) return;
    setChosen(kept);
    setFaster({
      lost: gone,
      alternatives: nearestFree(plan, states, gone, kept),
    });
  }, [plan, states, chosen, setChosen, holding.isBusy]);

  const toggle = useCallback(
    (index: number) => {
      const id = plan.ids[index];
      if (id === undefined) return;
      if (chosen.includes(id)) setChosen(chosen.filter((each) => each !== id));
      else if (states.state[index] !== seatState.free) toast("info", say("isTaken", { seat: seatName(plan, index) }));
      else if (chosen.length >= most) toast("info", say("most", { count: most }));
      else setChosen([...chosen, id]);
    },
    [plan, states, chosen, setChosen, most],
  );

  const holdSeats = async (seats: number[]) => {
    setFaster(null);
    const outcome = await holding.hold({ seats });
    if (outcome === "held") setChosen([]);
    else if (outcome !== "sign-in" && outcome.slug === "seat-taken") {
      const lost = outcome.ids("taken");
      const kept = seats.filter((id) => !lost.includes(id));
      const offered = outcome.ids("alternatives").filter((id) => plan.indexOf.has(id));
      setChosen(kept);
      setFaster({
        lost,
        alternatives: offered.length > 0 ? offered : nearestFree(plan, states, lost, kept),
      });
      holding.clear();
      void refresh();
    }
  };

  const standing = plan.types.filter((type) => type.seated === false);
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(14rem,1fr)_auto] lg:grid-cols-[minmax(0,1fr)_24rem] lg:grid-rows-1">
      <div className="flex min-h-0 flex-col">
        <PickerTools
          plan={plan}
          states={states}
          currency={currency}
          shown={shown}
          onShown={setShown}
          way={way}
          onWay={setWay}
          isPushed={isPushed}
        />
        <div className="relative min-h-0 flex-1">
          {pane === "map" ? (
            <SeatMap {...{ plan, states, chosen, shown, currency }} onToggle={toggle} />
          ) : (
            <SeatList {...{ plan, states, chosen, shown, currency }} onToggle={toggle} />
          )}
        </div>
      </div>
      <aside
        aria-label={say("yourChoice")}
        className="flex flex-col overflow-y-auto border-t border-line bg-card max-lg:max-h-[50dvh] lg:border-s lg:border-t-0"
      >
        {faster && (
          <FasterNotice
            plan={plan}
            states={states}
            faster={faster}
            currency={currency}
            isBusy={holding.isBusy}
            onTake={() => void holdSeats([...chosen, ...faster.alternatives])}
            onDismiss={() => setFaster(null)}
          />
        )}
        <Selection
          {...{ plan, states, chosen, shown, currency, most, holding }}
          onRemove={toggle}
          onHold={() => void holdSeats(chosen)}
        />
        <div className="border-t border-line px-5 py-2 max-lg:hidden">
          <Unlock session={session} holding={holding} />
        </div>
        {standing.length > 0 && (
          <div className="border-t border-line p-5">
            <GaPicker
              session={session}
              types={standing.map((type) => ({
                ...type,
                remaining: states.remaining[type.id],
              }))}
              holding={holding}
            />
          </div>
        )}
      </aside>
      <QueueDialog room={holding.needsQueue} reason={holding.problem} onClose={holding.clear} />
    </div>
  );
}
