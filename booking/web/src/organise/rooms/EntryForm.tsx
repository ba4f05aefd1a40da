import { useState } from "react";
import type { Room } from "../../api/rooms";
import { Field } from "../../ui/Field";
import { Check } from "./Check";
import { isChecked, numberOf, SettingsForm } from "./SettingsForm";

/** What joining takes. */
export function EntryForm({ room }: { room: Room }) {
  const [asksWork, setAsksWork] = useState(Boolean(room.entry.work));
  return (
    <SettingsForm
      room={room}
      read={(form) => ({
        one_per_account: isChecked(form, "one_per_account"),
        entry: {
          work: asksWork ? { bits: numberOf(form, "bits"), free: numberOf(form, "free") } : null,
          captcha: isChecked(form, "captcha"),
        },
      })}
    >
      {(errorOf) => (
        <>
          <Check
            label="One place per account"
            name="one_per_account"
            defaultChecked={room.one_per_account}
            hint="Joining takes a login at the shop, and an account stands in the line once."
          />
          <Check
            label="A small task for the device"
            checked={asksWork}
            onChange={(event) => setAsksWork(event.target.checked)}
            hint="Costs a fan a moment and a robot farm money. Who cannot or does not want to, waits instead."
          />
          {asksWork && (
            <div className="grid gap-5 ps-8 sm:grid-cols-2">
              <Field
                label="Difficulty, bits"
                name="bits"
                type="number"
                min={0}
                max={20}
                required
                defaultValue={room.entry.work?.bits ?? 14}
                hint="Each doubles the work; 16 are felt as a moment."
                error={errorOf("entry/work")}
              />
              <Field
                label="Joins at that price"
                name="free"
                type="number"
                min={1}
                required
                defaultValue={room.entry.work?.free ?? 20}
                hint="From one network in ten minutes; each doubling beyond costs a bit more."
              />
            </div>
          )}
          <Check
            label="A CAPTCHA"
            name="captcha"
            defaultChecked={room.entry.captcha}
            hint="Needs a service that is set on the server."
          />
          {errorOf("entry/captcha") && <p className="text-sm font-medium text-bad">{errorOf("entry/captcha")}</p>}
        </>
      )}
    </SettingsForm>
  );
}
