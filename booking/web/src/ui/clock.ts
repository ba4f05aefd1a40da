import { useSyncExternalStore } from "react";
import { serverNow } from "../api/clock";

/** One tick a second for everything on the page that counts down. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let now = serverNow();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = serverNow();
  timer ??= setInterval(() => {
    now = serverNow();
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
}

/** The server's time in milliseconds, renewed each second; with a longer step rounded down, so that less is drawn anew. */
export const useNow = (stepMs = 1_000): number => useSyncExternalStore(subscribe, () => now - (now % stepMs));
