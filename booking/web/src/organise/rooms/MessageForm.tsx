import { type FormEvent, useRef } from "react";
import type { Room } from "../../api/rooms";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { FormProblem } from "../../users/form";
import { textOf } from "./SettingsForm";
import { useSave } from "./useSave";

/** What everybody in the line reads: it appears on open pages within a second. */
export function MessageForm({ room }: { room: Room }) {
  const { save, isBusy, problem, errorOf } = useSave(room);
  const form = useRef<HTMLFormElement>(null);
  const tell = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const message = textOf(new FormData(event.currentTarget), "message");
    save({ message }, message ? "The line can read it now." : "The message is gone.");
  };
  const clear = () => {
    form.current?.reset();
    save({ message: null }, "The message is gone.");
  };
  return (
    <form ref={form} onSubmit={tell} className="grid gap-4">
      <FormProblem problem={problem} />
      {room.message && (
        <blockquote className="border-s-4 border-flare ps-4 whitespace-pre-line">
          <span className="caption block text-soft">The line reads now</span>
          {room.message}
        </blockquote>
      )}
      <TextArea
        label="Message"
        name="message"
        maxLength={500}
        rows={3}
        required
        placeholder="Doors open at 19:00. Under 16s need an adult with them."
        error={errorOf("message")}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="strong" busy={isBusy}>
          Tell the line
        </Button>
        {room.message && (
          <Button look="quiet" disabled={isBusy} onClick={clear}>
            Take it away
          </Button>
        )}
      </div>
    </form>
  );
}
