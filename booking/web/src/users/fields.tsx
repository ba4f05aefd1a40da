import { Link } from "@tanstack/react-router";
import { to } from "../paths";
import { Field } from "../ui/Field";
import type { FormState } from "./form";
import { say } from "./words";

interface Props {
  form: FormState;
}

/** The server's own lower bound; said before, not after. */
const shortestPassword = 8;

export function NameField({ form }: Props) {
  return (
    <Field
      label={say("name")}
      name="name"
      autoComplete="name"
      required
      maxLength={100}
      hint={say("nameHint")}
      error={form.errorOf("name")}
    />
  );
}

/** `isAccount`: the address signs in, so that password managers keep it; else mail goes there only. */
export function EmailField({ form, isAccount = true, hint }: Props & { isAccount?: boolean; hint?: string }) {
  return (
    <Field
      label={say("email")}
      name="email"
      type="email"
      autoComplete={isAccount ? "username" : "email"}
      required
      hint={hint}
      error={form.errorOf("email")}
    />
  );
}

/** A password that is chosen here, under its own label where the page asks for more than one. */
export function NewPasswordField({ form, label = say("password") }: Props & { label?: string }) {
  return (
    <Field
      label={label}
      name="password"
      type="password"
      autoComplete="new-password"
      required
      minLength={shortestPassword}
      maxLength={128}
      hint={say("passwordHint", { least: shortestPassword })}
      error={form.errorOf("password")}
    />
  );
}

/** The password of the account that signs in. */
export function PasswordField({ form }: Props) {
  return (
    <Field
      label={say("password")}
      name="password"
      type="password"
      autoComplete="current-password"
      required
      error={form.errorOf("password")}
    />
  );
}

/** For whoever has an account already. */
export function HaveAccount({ next }: { next: string | undefined }) {
  return (
    <p className="text-sm">
      {say("haveOne")}{" "}
      <Link {...to.login(next)} className="font-semibold underline">
        {say("signIn")}
      </Link>
    </p>
  );
}
