import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { toast } from "../ui/Toast";
import { register } from "./api";
import { GuestWay } from "./GuestWay";
import { FormPage, FormProblem, useForm } from "./form";
import { say } from "./words";

/** The server's own lower bound; said before, not after. */
export const shortestPassword = 8;

export function RegisterPage() {
  useTitle(say("create"));
  const { next } = useSearch({ from: "/register" });
  const navigate = useNavigate();
  const form = useForm(async (value) => {
    await register(value("name").trim(), value("email").trim(), value("password"));
    toast("good", say("ready"));
    await navigate({ href: next ?? "/", replace: true });
  });
  return (
    <FormPage title={say("joinIn")}>
      <form onSubmit={form.submit} className="grid gap-5">
        <FormProblem problem={form.problem} />
        <Field
          label={say("name")}
          name="name"
          autoComplete="name"
          required
          maxLength={100}
          error={form.errorOf("name")}
          hint={say("nameHint")}
        />
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
          autoComplete="new-password"
          required
          minLength={shortestPassword}
          maxLength={128}
          hint={say("passwordHint", { least: shortestPassword })}
          error={form.errorOf("password")}
        />
        <Button type="submit" size="large" busy={form.isBusy}>
          {say("createNow")}
        </Button>
        <p className="text-sm">
          {say("haveOne")}{" "}
          <Link {...to.login(next)} className="font-semibold underline">
            {say("signIn")}
          </Link>
        </p>
      </form>
      <GuestWay next={next} />
    </FormPage>
  );
}
