import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { login } from "./api";
import { GuestWay } from "./GuestWay";
import { FormPage, FormProblem, useForm } from "./form";
import { say } from "./words";

export function LoginPage() {
  useTitle(say("signIn"));
  const { next } = useSearch({ from: "/login" });
  const navigate = useNavigate();
  const form = useForm(async (value) => {
    await login(value("email").trim(), value("password"));
    await navigate({ href: next ?? "/", replace: true });
  });
  return (
    <FormPage title={say("welcomeBack")}>
      <form onSubmit={form.submit} className="grid gap-5">
        <FormProblem problem={form.problem} />
        <Field
          label={say("email")}
          name="email"
          type="email"
          autoComplete="username"
          required
          error={form.errorOf("email")}
        />
        <Field
          label={say("password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={form.errorOf("password")}
        />
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
      <GuestWay next={next} />
    </FormPage>
  );
}
