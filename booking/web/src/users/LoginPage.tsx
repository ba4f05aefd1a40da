import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { asProblem } from "../api/problem";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button } from "../ui/Button";
import { login } from "./api";
import { CodeField } from "./CodeField";
import { GuestWay } from "./GuestWay";
import { ProviderReturn } from "./ProviderReturn";
import { ProviderWay } from "./ProviderWay";
import { EmailField, PasswordField } from "./fields";
import { FormPage, FormProblem, useForm } from "./form";
import { say } from "./words";

export function LoginPage() {
  useTitle(say("signIn"));
  const { next, oidc, return_to: returnTo } = useSearch({ from: "/login" });
  return oidc === undefined ? <Login next={next} /> : <ProviderReturn outcome={oidc} next={returnTo} />;
}

function Login({ next }: { next: string | undefined }) {
  const navigate = useNavigate();
  const [asksCode, setAsksCode] = useState(false);
  const form = useForm(async (value) => {
    try {
      await login(value("email").trim(), value("password"), value("code"));
    } catch (error) {
      const { slug } = asProblem(error);
      if (slug === "totp-required" || slug === "login-failed") setAsksCode(slug === "totp-required");
      throw error;
    }
    await navigate({ href: next ?? "/", replace: true });
  });
  // That a code is needed is the next step, not a failure.
  const problem = form.problem?.slug === "totp-required" ? null : form.problem;
  return (
    <FormPage title={say("welcomeBack")}>
      <form onSubmit={form.submit} className="grid gap-5">
        <FormProblem problem={problem} />
        <div className={asksCode ? "hidden" : "grid gap-5"}>
          <EmailField form={form} />
          <PasswordField form={form} />
        </div>
        {asksCode && (
          <div ref={focusCode}>
            <CodeField orRecovery error={form.errorOf("code")} />
          </div>
        )}
        <Button type="submit" size="large" busy={form.isBusy}>
          {say("signIn")}
        </Button>
        <p className="flex flex-wrap justify-between gap-3 text-sm">
          <Link {...to.forgotPassword()} className="py-2 font-semibold underline">
            {say("forgot")}
          </Link>
          <Link {...to.register(next)} className="py-2 font-semibold underline">
            {say("create")}
          </Link>
        </p>
      </form>
      <ProviderWay next={next} />
      <GuestWay next={next} />
    </FormPage>
  );
}

/** Whoever has just pressed the button goes on typing; a screen reader says what is asked for. */
const focusCode = (step: HTMLElement | null) => step?.querySelector("input")?.focus();
