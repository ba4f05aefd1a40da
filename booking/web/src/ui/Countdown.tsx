import { useEffect, useRef } from "react";
import { useNow } from "./clock";
import { leftText } from "./time";
import { say } from "./words";

/** The time left until an instant. Screen readers hear it at five minutes, one minute and the end, not each second. */
export function Countdown({ until, onEnd, className = "" }: { until: string; onEnd?: () => void; className?: string }) {
  const left = Date.parse(until) - useNow();
  const ended = left <= 0;
  const told = useRef(false);
  useEffect(() => {
    if (!ended) told.current = false;
    else if (!told.current) {
      told.current = true;
      onEnd?.();
    }
  }, [ended, onEnd]);
  return (
    <>
      <span className={`figures ${className}`} aria-hidden="true">
        {leftText(left)}
      </span>
      <span className="sr-only" aria-live="polite">
        {spoken(left)}
      </span>
    </>
  );
}

function spoken(leftMs: number): string {
  if (leftMs <= 0) return say("timeUp");
  if (leftMs <= 60_000) return say("underMinute");
  if (leftMs <= 300_000) return say("underFive");
  return "";
}

/** Days, hours, minutes and seconds in poster figures, for a sale that opens. */
export function BigCountdown({ until, onEnd }: { until: string; onEnd?: () => void }) {
  const left = Math.max(0, Date.parse(until) - useNow());
  const seconds = Math.ceil(left / 1000);
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), say("days")],
    [Math.floor(seconds / 3_600) % 24, say("hours")],
    [Math.floor(seconds / 60) % 60, say("minutes")],
    [seconds % 60, say("seconds")],
  ];
  return (
    <div>
      <div className="sr-only">
        <Countdown until={until} onEnd={onEnd} />
      </div>
      <div className="flex gap-4 sm:gap-6" aria-hidden="true">
        {units.map(([value, unit]) => (
          <div key={unit}>
            <div className="poster figures text-3xl">{String(value).padStart(2, "0")}</div>
            <div className="caption text-soft">{unit}</div>
          </div>
        ))}
      </div>
    </div>
  );
}
