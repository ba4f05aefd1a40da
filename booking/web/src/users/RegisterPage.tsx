import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTitle } from "../shell/title";
import { Button } from "../ui/Button";
import { toast } from "../ui/Toast";
import { register } from "./api";
import { GuestWay } from "./GuestWay";
import { EmailField, HaveAccount, NameField, NewPasswordField } from "./fields";
import { FormPage, FormProblem, useForm } from "./form";
import { say } from "./words";

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
        <NameField form={form} />
        <EmailField form={form} />
        <NewPasswordField form={form} />
        <Button type="submit" size="large" busy={form.isBusy}>
          {say("createNow")}
        </Button>
        <HaveAccount next={next} />
      </form>
      <GuestWay next={next} />
    </FormPage>
  );
}
