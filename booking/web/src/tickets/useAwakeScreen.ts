import { useEffect } from "react";

/** Keeps the screen on while a code is shown; browsers let no page turn it brighter. */
export function useAwakeScreen(isShown: boolean): void {
  useEffect(() => {
    if (!isShown || !("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let isOver = false;
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      lock = await navigator.wakeLock.request("screen");
      if (isOver) await lock.release();
    };
    // A low battery may refuse: then the screen sleeps as it always does.
    const tryToAsk = () => void ask().catch(() => undefined);
    tryToAsk();
    // The browser takes the lock back when the page is hidden.
    document.addEventListener("visibilitychange", tryToAsk);
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", tryToAsk);
      void lock?.release().catch(() => undefined);
    };
  }, [isShown]);
}
