import { Field } from "../../ui/Field";
import { numberOf } from "./SettingsForm";

/** A whole number that is set, and its bounds. */
export interface NumberSetting<Name extends string> {
  name: Name;
  label: string;
  hint: string;
  min: number;
  max: number;
}

interface Props<Name extends string> {
  settings: readonly NumberSetting<Name>[];
  /** What stands there when the form opens. */
  valueOf: (name: Name) => number | undefined;
  errorOf: (name: Name) => string | undefined;
}

/** Number fields side by side, named as their settings are. */
export function NumberGrid<Name extends string>({ settings, valueOf, errorOf }: Props<Name>) {
  return (
    <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
      {settings.map(({ name, label, hint, min, max }) => (
        <Field
          key={name}
          label={label}
          name={name}
          type="number"
          min={min}
          max={max}
          required
          defaultValue={valueOf(name)}
          hint={hint}
          error={errorOf(name)}
        />
      ))}
    </div>
  );
}

/** What the fields of such a grid say, by name. */
export const numbersOf = <Name extends string>(
  form: FormData,
  settings: readonly NumberSetting<Name>[],
): Record<Name, number> =>
  Object.fromEntries(settings.map(({ name }) => [name, numberOf(form, name)])) as Record<Name, number>;
