import { Link, useSearch } from "@tanstack/react-router";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button, buttonClass } from "../ui/Button";
import { Notice } from "../ui/Card";
import { forgotPassword, resetPassword } from "./api";
import { EmailField, NewPasswordField } from "./fields";
import { FormPage, FormProblem, useForm } from "./form";
import { say } from "./words";

export function ForgotPasswordPage() {
  useTitle(say("forgotTitle"));
  const form = useForm((value) => forgotPassword(value("email").trim()));
  return (
    <FormPage title={say("newPassword")}>
      {form.isDone ? (
        <Notice tone="good" title={say("lookInMail")}>
          {say("lookInMailText")}
        </Notice>
      ) : (
        <form onSubmit={form.submit} className="grid gap-5">
          <p className="text-soft">{say("sendLinkText")}</p>
          <FormProblem problem={form.problem} />
          <EmailField form={form} />
          <Button type="submit" size="large" busy={form.isBusy}>
            {say("sendLink")}
          </Button>
        </form>
      )}
      <Link {...to.login()} className={buttonClass("plain", "normal", "mt-3 w-full")}>
        {say("signIn")}
      </Link>
    </FormPage>
  );
}

export function ResetPasswordPage() {
  useTitle(say("chooseNew"));
  const { token } = useSearch({ from: "/reset-password" });
  const form = useForm((value) => resetPassword(token ?? "", value("password")));
  if (token === undefined) {
    return (
      <FormPage title={say("newPassword")}>
        <Notice tone="warn" title={say("incomplete")}>
          {say.rich("openAgain", {
            link: (
              <Link {...to.forgotPassword()} className="underline">
                {say("askNew")}
              </Link>
            ),
          })}
        </Notice>
      </FormPage>
    );
  }
  return (
    <FormPage title={say("newPassword")}>
      {form.isDone ? (
        <>
          <Notice tone="good" title={say("done")}>
            {say("doneText")}
          </Notice>
          <Link {...to.login()} className={buttonClass("primary", "large", "mt-6 w-full")}>
            {say("signIn")}
          </Link>
        </>
      ) : (
        <form onSubmit={form.submit} className="grid gap-5">
          <FormProblem problem={form.problem} />
          <NewPasswordField form={form} label={say("newPassword")} />
          <Button type="submit" size="large" busy={form.isBusy}>
            {say("savePassword")}
          </Button>
        </form>
      )}
    </FormPage>
  );
}
