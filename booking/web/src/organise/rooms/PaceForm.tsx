import { useEffect, useId, useState } from "react";
import type { Room } from "../../api/rooms";
import { FormProblem } from "../../users/form";
import { sliderOf, sliderSteps, sliderValue } from "./rules";
import { useSave } from "./useSave";

/** How long a slider must rest before what it shows is set. */
const restMs = 400;

/** How fast people go in and how many may be inside: what is set here holds at once. */
export function PaceForm({ room }: { room: Room }) {
  const { save, problem, errorOf } = useSave(room);
  return (
    <div className="grid gap-6">
      <FormProblem problem={problem} />
      {room.steering && room.pace && (
        <p className="rounded-md bg-info-wash px-4 py-3 text-sm">
          The shop’s health steers this room: <strong>{room.pace.rate_per_minute.toLocaleString()} a minute</strong> and{" "}
          {room.pace.cap.toLocaleString()} inside are in force now.
        </p>
      )}
      <Dial
        label="People a minute"
        hint="Most that are let in during any minute."
        value={room.rate_per_minute}
        slidesTo={10_000}
        most={1_000_000}
        error={errorOf("rate_per_minute") ?? errorOf("steering/rate_floor") ?? errorOf("steering/rate_ceiling")}
        onSet={(rate_per_minute) =>
          save({ rate_per_minute }, `Up to ${rate_per_minute.toLocaleString()} a minute from now on.`)
        }
      />
      <Dial
        label="At most inside"
        hint="Most that are in the shop at the same time."
        value={room.cap}
        slidesTo={100_000}
        most={1_000_000}
        error={errorOf("cap")}
        onSet={(cap) => save({ cap }, `Up to ${cap.toLocaleString()} inside from now on.`)}
      />
    </div>
  );
}

interface DialProps {
  label: string;
  hint: string;
  value: number;
  /** The end of the slider; larger values can be typed, up to `most`. */
  slidesTo: number;
  most: number;
  error: string | undefined;
  onSet: (value: number) => void;
}

/** A slider with its value in a field beside it. */
function Dial({ label, hint, value, slidesTo, most, error, onSet }: DialProps) {
  const id = useId();
  const [wish, setWish] = useState<number | null>(null);
  const shown = wish ?? value;
  useEffect(() => {
    if (wish === null) return;
    const timer = setTimeout(() => {
      setWish(null);
      if (wish !== value && wish >= 1 && wish <= most) onSet(wish);
    }, restMs);
    return () => clearTimeout(timer);
    // Only a new wish starts the rest anew: the page looks at the room each second.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [wish]);
  return (
    <div role="group" aria-labelledby={id} className="grid gap-2">
      <div className="flex items-end justify-between gap-4">
        <div>
          <p id={id} className="font-semibold">
            {label}
          </p>
          <p className="text-sm text-soft">{hint}</p>
        </div>
        <input
          type="number"
          min={1}
          max={most}
          aria-label={`${label}, exactly`}
          value={shown}
          onChange={(event) => setWish(event.target.valueAsNumber || 0)}
          className="figures h-11 w-28 rounded-md border border-control bg-card px-3 text-end text-lg font-bold hover:border-ink"
        />
      </div>
      <input
        type="range"
        min={0}
        max={sliderSteps}
        aria-label={label}
        aria-valuetext={shown.toLocaleString()}
        value={sliderOf(shown, slidesTo)}
        onChange={(event) => setWish(sliderValue(event.target.valueAsNumber, slidesTo))}
        className="h-11 w-full accent-flare-ink"
      />
      {error && <p className="text-sm font-medium text-bad">{error}</p>}
    </div>
  );
}
