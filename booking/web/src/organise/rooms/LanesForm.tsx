import { useState } from "react";
import type { Lane, Room } from "../../api/rooms";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Check } from "./Check";
import { SettingsForm } from "./SettingsForm";
import { shareOf } from "./rules";

const lanesMost = 8;

/** Priority classes and their shares of the turns. A lane that is there stays: people stand in it. */
export function LanesForm({ room }: { room: Room }) {
  const kept = room.lanes?.length ?? 0;
  const [lanes, setLanes] = useState<Lane[]>(room.lanes ?? []);
  const change = (at: number, part: Partial<Lane>) =>
    setLanes(lanes.map((lane, index) => (index === at ? { ...lane, ...part } : lane)));
  return (
    <SettingsForm room={room} read={() => ({ lanes })}>
      {(errorOf) => (
        <>
          <p className="max-w-prose text-sm text-soft">
            Turns go to the lanes in which people wait, in proportion to their weights. An empty lane gives its share
            away.
          </p>
          <ul className="grid gap-4">
            {lanes.map((lane, index) => (
              // Lanes have no id and are never reordered.
              // oxlint-disable-next-line react/no-array-index-key
              <li
                key={index}
                className="grid items-end gap-4 rounded-md border border-line p-4 sm:grid-cols-[1fr_7rem_auto]"
              >
                <Field
                  label="Name"
                  value={lane.name}
                  readOnly={index < kept}
                  pattern="[a-z0-9\-]{1,32}"
                  title="a–z, 0–9 and -"
                  required
                  onChange={(event) => change(index, { name: event.target.value })}
                />
                <Field
                  label={`Weight (${shareOf(lane, lanes)} %)`}
                  type="number"
                  min={1}
                  max={1000}
                  required
                  value={lane.weight || ""}
                  onChange={(event) => change(index, { weight: event.target.valueAsNumber || 0 })}
                />
                <div className="flex items-center gap-3">
                  <Check
                    label="Takes an access code"
                    checked={lane.needs_code}
                    onChange={(event) => change(index, { needs_code: event.target.checked })}
                  />
                  {index >= kept && (
                    <Button look="plain" size="small" onClick={() => setLanes(lanes.filter((_, at) => at !== index))}>
                      <Icon name="cross" /> Remove
                    </Button>
                  )}
                </div>
              </li>
            ))}
          </ul>
          {errorOf("lanes") && <p className="text-sm font-medium text-bad">{errorOf("lanes")}</p>}
          {lanes.length < lanesMost && (
            <Button
              look="quiet"
              size="small"
              className="justify-self-start"
              onClick={() => setLanes([...lanes, { name: "", weight: 1, needs_code: true }])}
            >
              <Icon name="plus" /> Add a lane
            </Button>
          )}
        </>
      )}
    </SettingsForm>
  );
}
