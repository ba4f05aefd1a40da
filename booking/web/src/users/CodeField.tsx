import { Field } from "../ui/Field";
import { say } from "./words";

/** Where a code of the second factor is typed; phones offer it from the app. */
export function CodeField({ orRecovery, error }: { orRecovery: boolean; error: string | undefined }) {
  return (
    <Field
      label={say("code")}
      name="code"
      required
      maxLength={40}
      inputMode={orRecovery ? "text" : "numeric"}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      className="figures"
      hint={say(orRecovery ? "codeOrRecovery" : "codeHint")}
      error={error}
    />
  );
}
