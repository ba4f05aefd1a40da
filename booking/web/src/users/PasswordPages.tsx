import { Link, useSearch } from "@tanstack/react-router";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button, buttonClass } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Field } from "../ui/Field";
import { shortestPassword } from "./RegisterPage";
import { forgotPassword, resetPassword } from "./api";
import { FormPage, FormProblem, useForm } from "./form";

export function ForgotPasswordPage() {
  useTitle("Forgot password");
  const form = useForm((value) => forgotPassword(value("email").trim()));
  return (
    <FormPage title="New password">
      {form.isDone ? (
        <Notice tone="good" title="Look in your mail">
          If there is an account with this address, a link to choose a new password is on its way.
        </Notice>
      ) : (
        <form onSubmit={form.submit} className="grid gap-5">
          <p className="text-soft">We'll send you a link to choose a new one.</p>
          <FormProblem problem={form.problem} />
          <Field
            label="E-mail"
            name="email"
            type="email"
            autoComplete="username"
            required
            error={form.errorOf("email")}
          />
          <Button type="submit" size="large" busy={form.isBusy}>
            Send the link
          </Button>
        </form>
      )}
    </FormPage>
  );
}

export function ResetPasswordPage() {
  useTitle("Choose a new password");
  const { token } = useSearch({ from: "/reset-password" });
  const form = useForm((value) => resetPassword(token ?? "", value("password")));
  if (token === undefined) {
    return (
      <FormPage title="New password">
        <Notice tone="warn" title="The link is incomplete">
          Open it from the mail again, or <Link {...to.forgotPassword()}>ask for a new one</Link>.
        </Notice>
      </FormPage>
    );
  }
  return (
    <FormPage title="New password">
      {form.isDone ? (
        <>
          <Notice tone="good" title="Done">
            Your new password works from now on, and you are signed out everywhere else.
          </Notice>
          <Link {...to.login()} className={buttonClass("primary", "large", "mt-6 w-full")}>
            Sign in
          </Link>
        </>
      ) : (
        <form onSubmit={form.submit} className="grid gap-5">
          <FormProblem problem={form.problem} />
          <Field
            label="New password"
            name="password"
            type="password"
            autoComplete="new-password"
            required
            minLength={shortestPassword}
            maxLength={128}
            hint={`At least ${shortestPassword} characters.`}
            error={form.errorOf("password")}
          />
          <Button type="submit" size="large" busy={form.isBusy}>
            Save the password
          </Button>
        </form>
      )}
    </FormPage>
  );
}
