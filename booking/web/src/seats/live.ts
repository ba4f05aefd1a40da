import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { SeatDelta, SeatSnapshot } from "../api/types";
import { changesSince, seatsQuery, streamAddress } from "./api";
import { applyDelta, isPlanOf, type SeatPlan, type SeatStates, statesOf } from "./model";

const pollMs = 5_000;
const reopenLongestMs = 30_000;
/** Changes are gathered this long before the map is painted again: a hot sale sends dozens a second. */
const gatherMs = 150;

export interface LiveSeats {
  states: SeatStates;
  /** Are changes pushed to us, or do we have to ask? */
  isPushed: boolean;
  /** Fetches what changed, now. */
  refresh: () => Promise<void>;
}

/** Before a stream that broke is opened again: doubles to half a minute, most of it chance (`random` is 0 to 1). */
export const reopenDelay = (failures: number, random: number): number =>
  Math.min(reopenLongestMs, 2_000 * 2 ** failures) * (0.25 + random);

const isSnapshot = (answer: SeatDelta | SeatSnapshot): answer is SeatSnapshot => "seats" in answer;

/** Keeps the seats of a session as the server knows them: pushed by SSE, asked for every five seconds without it. */
export function useLiveSeats(session: number, plan: SeatPlan, snapshot: SeatSnapshot): LiveSeats {
  const [states, setStates] = useState(() => statesOf(plan, snapshot));
  const [isPushed, setPushed] = useState(false);
  const newest = useRef(states);
  const begunWith = useRef(snapshot);
  const ask = useRef(async () => {});
  const queries = useQueryClient();

  useEffect(() => {
    if (begunWith.current !== snapshot) {
      begunWith.current = snapshot;
      newest.current = statesOf(plan, snapshot);
      setStates(newest.current);
    }
    let isOver = false;
    let isStreaming = false;
    let painting: ReturnType<typeof setTimeout> | undefined;

    const take = (answer: SeatDelta | SeatSnapshot) => {
      if (!isSnapshot(answer)) newest.current = applyDelta(plan, newest.current, answer);
      else if (!isPlanOf(plan, answer)) {
        // Other seats than the page was opened with: the map is made anew from them.
        queries.setQueryData(seatsQuery(session).queryKey, answer);
        return;
      } else if (answer.version > newest.current.version) newest.current = statesOf(plan, answer);
      painting ??= setTimeout(() => {
        painting = undefined;
        setStates(newest.current);
      }, gatherMs);
    };
    const fetchChanges = async () => {
      const answer = await changesSince(session, newest.current.version).catch(() => null);
      if (!isOver && answer !== null) take(answer);
    };
    ask.current = fetchChanges;

    const setStreaming = (value: boolean) => {
      isStreaming = value;
      setPushed(value);
    };
    let source: EventSource;
    let failures = 0;
    let reopening: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(streamAddress(session, newest.current.version));
      source.addEventListener("open", () => {
        failures = 0;
        setStreaming(true);
      });
      // The browser's own attempts would ask for everything since the first version, all at once after a restart, and
      // never again after a refusal.
      source.addEventListener("error", () => {
        source.close();
        setStreaming(false);
        reopening = setTimeout(open, reopenDelay(failures++, Math.random()));
      });
      source.addEventListener("seats", (event: MessageEvent<string>) => {
        if (!isStreaming) setStreaming(true);
        take(JSON.parse(event.data) as SeatDelta | SeatSnapshot);
      });
    };
    open();
    const poll = setInterval(() => {
      if (!isStreaming && document.visibilityState === "visible") void fetchChanges();
    }, pollMs);

    return () => {
      isOver = true;
      source.close();
      clearTimeout(reopening);
      clearInterval(poll);
      clearTimeout(painting);
    };
  }, [session, plan, snapshot, queries]);

  return { states, isPushed, refresh: useCallback(() => ask.current(), []) };
}
