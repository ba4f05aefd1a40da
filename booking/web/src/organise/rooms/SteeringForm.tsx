import { useState } from "react";
import type { Room, Steering } from "../../api/rooms";
import { Check } from "./Check";
import { NumberGrid, numbersOf, type NumberSetting } from "./NumberGrid";
import { SettingsForm } from "./SettingsForm";

const settings: readonly NumberSetting<keyof Steering>[] = [
  { name: "rate_floor", label: "Never below, a minute", hint: "However slow the shop is.", min: 1, max: 1_000_000 },
  { name: "rate_ceiling", label: "Never above, a minute", hint: "However well it goes.", min: 1, max: 1_000_000 },
  {
    name: "p95_ms",
    label: "Slow from, milliseconds",
    hint: "When one answer in twenty takes longer, fewer are let in.",
    min: 10,
    max: 60_000,
  },
  { name: "failed_percent", label: "Failing from, percent", hint: "Share of answers that fail.", min: 1, max: 100 },
  {
    name: "stock_percent",
    label: "Visits per 100 unsold seats",
    hint: "At most so many are inside; with nothing left nobody goes in. 0: stock doesn’t count.",
    min: 0,
    max: 10_000,
  },
];

/** Lets the pace follow the shop's health, within bounds. */
export function SteeringForm({ room }: { room: Room }) {
  const [isOn, setOn] = useState(Boolean(room.steering));
  const present: Steering = room.steering ?? {
    rate_floor: Math.max(1, Math.floor(room.rate_per_minute / 10)),
    rate_ceiling: room.rate_per_minute,
    p95_ms: 1_000,
    failed_percent: 5,
    stock_percent: 0,
  };
  return (
    <SettingsForm room={room} read={(form) => ({ steering: isOn ? numbersOf(form, settings) : null })}>
      {(errorOf) => (
        <>
          <Check
            label="Follow the shop’s health"
            checked={isOn}
            onChange={(event) => setOn(event.target.checked)}
            hint="The rate you set is where it starts. It falls when the shop slows down or fails, and rises while all is well."
          />
          {isOn && (
            <NumberGrid
              settings={settings}
              valueOf={(name) => present[name]}
              errorOf={(name) => errorOf(`steering/${name}`)}
            />
          )}
        </>
      )}
    </SettingsForm>
  );
}
