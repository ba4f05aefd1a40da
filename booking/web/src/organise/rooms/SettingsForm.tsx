import type { FormEvent, ReactNode } from "react";
import type { Room, RoomSettings } from "../../api/rooms";
import { Button } from "../../ui/Button";
import { FormProblem } from "../../users/form";
import { type Saving, useSave } from "./useSave";

interface Props {
  room: Room;
  /** The settings that the form's fields say. */
  read: (form: FormData) => Partial<RoomSettings>;
  children: (errorOf: Saving["errorOf"]) => ReactNode;
}

/** Some settings of a room that are saved together. What another operator changes meanwhile in others stays. */
export function SettingsForm({ room, read, children }: Props) {
  const saving = useSave(room);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    saving.save(read(new FormData(event.currentTarget)));
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      <FormProblem problem={saving.problem} />
      {children(saving.errorOf)}
      <Button type="submit" look="strong" busy={saving.isBusy} className="justify-self-start">
        Save
      </Button>
    </form>
  );
}

/** A whole number typed into a field. */
export const numberOf = (form: FormData, name: string): number => Number(form.get(name));

/** A text typed into a field; null when it is empty. */
export const textOf = (form: FormData, name: string): string | null => String(form.get(name) ?? "").trim() || null;

export const isChecked = (form: FormData, name: string): boolean => form.get(name) !== null;
