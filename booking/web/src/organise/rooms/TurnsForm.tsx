import type { Room, RoomSettings } from "../../api/rooms";
import { NumberGrid, numbersOf, type NumberSetting } from "./NumberGrid";
import { SettingsForm } from "./SettingsForm";

type Name = keyof RoomSettings &
  ("claim_window_s" | "grace_s" | "deferral_s" | "session_length_s" | "idle_percent" | "renewals_max" | "renewal_s");

const settings: readonly NumberSetting<Name>[] = [
  { name: "claim_window_s", label: "Time to come, seconds", hint: "After being called.", min: 5, max: 3600 },
  {
    name: "grace_s",
    label: "Grace, seconds",
    hint: "Who comes so long after that still goes in next.",
    min: 0,
    max: 3600,
  },
  {
    name: "deferral_s",
    label: "“Not now”, seconds",
    hint: "For so long a turn may be put off, once. 0: not offered.",
    min: 0,
    max: 3600,
  },
  {
    name: "session_length_s",
    label: "Visit to the shop, seconds",
    hint: "From going in to paying.",
    min: 10,
    max: 86_400,
  },
  {
    name: "renewals_max",
    label: "Renewals of a visit",
    hint: "How often “stay longer” works. 0: not offered.",
    min: 0,
    max: 7,
  },
  { name: "renewal_s", label: "A renewal, seconds", hint: "0: as long as a visit.", min: 0, max: 86_400 },
  {
    name: "idle_percent",
    label: "No line below, percent",
    hint: "With nobody waiting and less than this share inside, people go straight in. 0: never.",
    min: 0,
    max: 100,
  },
];

/** How long turns and visits last. A server that does not know a setting is not asked for it. */
export function TurnsForm({ room }: { room: Room }) {
  const known = settings.filter(({ name }) => room[name] !== undefined);
  return (
    <SettingsForm room={room} read={(form) => numbersOf(form, known)}>
      {(errorOf) => <NumberGrid settings={known} valueOf={(name) => room[name]} errorOf={errorOf} />}
    </SettingsForm>
  );
}
