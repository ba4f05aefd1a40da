import type { Room } from "../../api/rooms";
import { Field } from "../../ui/Field";
import { Check } from "./Check";
import { isChecked, SettingsForm } from "./SettingsForm";
import { instantOf, localOf } from "./rules";

/** When people may gather, when the first is called, when it is over; and whether the order of the lobby is drawn. */
export function ScheduleForm({ room }: { room: Room }) {
  const at = (form: FormData, name: string) => instantOf(String(form.get(name) ?? ""));
  return (
    <SettingsForm
      room={room}
      read={(form) => ({
        lobby_at: at(form, "lobby_at"),
        opens_at: at(form, "opens_at"),
        closes_at: at(form, "closes_at"),
        draw: isChecked(form, "draw"),
      })}
    >
      {(errorOf) => (
        <>
          <p className="text-sm text-soft">Times are by your device’s clock ({zone()}).</p>
          <div className="grid gap-5 sm:grid-cols-3">
            <Field
              label="Lobby opens"
              name="lobby_at"
              type="datetime-local"
              defaultValue={localOf(room.lobby_at)}
              hint="Empty: at once."
              error={errorOf("lobby_at")}
            />
            <Field
              label="First are called"
              name="opens_at"
              type="datetime-local"
              defaultValue={localOf(room.opens_at)}
              hint="Empty: when you press Open."
              error={errorOf("opens_at")}
            />
            <Field
              label="Closes"
              name="closes_at"
              type="datetime-local"
              defaultValue={localOf(room.closes_at)}
              hint="Empty: never by itself."
              error={errorOf("closes_at")}
            />
          </div>
          <Check
            label="Draw the order of the lobby"
            name="draw"
            defaultChecked={room.draw}
            hint="Whoever is there at the opening has the same chance. Anybody can check the draw. Settled before the lobby opens."
          />
          {errorOf("draw") && <p className="text-sm font-medium text-bad">{errorOf("draw")}</p>}
        </>
      )}
    </SettingsForm>
  );
}

const zone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;
