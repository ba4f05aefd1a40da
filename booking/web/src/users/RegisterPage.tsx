import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { toast } from "../ui/Toast";
import { register } from "./api";
import { FormPage, FormProblem, useForm } from "./form";

/** The server's own lower bound; said before, not after. */
export const shortestPassword = 8;

export function RegisterPage() {
  useTitle("Create an account");
  const { next } = useSearch({ from: "/register" });
  const navigate = useNavigate();
  const form = useForm(async (value) => {
    await register(value("name").trim(), value("email").trim(), value("password"));
    toast("good", "Your account is ready. We've sent you a link to confirm your e-mail.");
    await navigate({ href: next ?? "/", replace: true });
  });
  return (
    <FormPage title="Join in">
      <form onSubmit={form.submit} className="grid gap-5">
        <FormProblem problem={form.problem} />
        <Field
          label="Name"
          name="name"
          autoComplete="name"
          required
          maxLength={100}
          error={form.errorOf("name")}
          hint="As it should stand on your tickets."
        />
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          error={form.errorOf("email")}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={shortestPassword}
          maxLength={128}
          hint={`At least ${shortestPassword} characters. A short sentence is best.`}
          error={form.errorOf("password")}
        />
        <Button type="submit" size="large" busy={form.isBusy}>
          Create account
        </Button>
        <p className="text-sm">
          Already have one?{" "}
          <Link {...to.login(next)} className="font-semibold underline">
            Sign in
          </Link>
        </p>
      </form>
    </FormPage>
  );
}
