import type { Room } from "../../api/rooms";
import { Field } from "../../ui/Field";
import { SettingsForm, textOf } from "./SettingsForm";

/** What the room is called, and where it leads. */
export function NamesForm({ room }: { room: Room }) {
  return (
    <SettingsForm
      room={room}
      read={(form) => ({
        name: textOf(form, "name") ?? "",
        event: textOf(form, "event") ?? "",
        booking_url: textOf(form, "booking_url") ?? "",
      })}
    >
      {(errorOf) => (
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Name" name="name" required maxLength={500} defaultValue={room.name} error={errorOf("name")} />
          <Field
            label="Event"
            name="event"
            required
            defaultValue={room.event}
            hint="Its number in the shop. Admissions are good for it alone."
            error={errorOf("event")}
          />
          <Field
            label="Where an admitted fan goes"
            name="booking_url"
            required
            defaultValue={room.booking_url}
            hint="A path such as /sessions/1, or an https address."
            error={errorOf("booking_url")}
            className="sm:col-span-2"
          />
        </div>
      )}
    </SettingsForm>
  );
}
