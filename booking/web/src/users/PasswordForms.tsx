import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../ui/Toast";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { Field } from "../ui/Field";
import { changePassword, choosePassword, meQuery } from "./api";
import { NewPasswordField } from "./fields";
import { FormProblem, useForm } from "./form";
import { say } from "./words";

/** Another password, for whoever knows the present one. */
export function ChangePassword() {
  const [round, setRound] = useState(0);
  const form = useForm(async (value) => {
    await changePassword(value("current_password"), value("password"));
    toast("good", say("changed"));
    setRound((before) => before + 1);
  });
  return (
    <Card className="mt-6 p-5 sm:p-6">
      <form key={round} onSubmit={form.submit} className="grid gap-5">
        <h2 className="heading text-xl">{say("password")}</h2>
        <FormProblem problem={form.problem} />
        <Field
          label={say("present")}
          name="current_password"
          type="password"
          autoComplete="current-password"
          required
          error={form.errorOf("current_password")}
        />
        <NewPasswordField form={form} label={say("newPassword")} />
        <Button type="submit" look="strong" busy={form.isBusy} className="justify-self-start">
          {say("change")}
        </Button>
      </form>
    </Card>
  );
}

/** A guest's first password, which makes an account of what was bought. The address has to be proven before. */
export function FirstPassword() {
  const me = useQuery(meQuery());
  const form = useForm(async (value) => {
    await choosePassword(value("password"));
    toast("good", say("choseFirst"));
  });
  return (
    <Card className="mt-6 p-5 sm:p-6">
      <form onSubmit={form.submit} className="grid gap-5">
        <h2 className="heading text-xl">{say("chooseFirst")}</h2>
        <p className="text-soft">{say("chooseFirstText")}</p>
        {me.data?.email_verified === false ? (
          <p>{say("confirmFirst")}</p>
        ) : (
          <>
            <FormProblem problem={form.problem} />
            <NewPasswordField form={form} />
            <Button type="submit" look="strong" busy={form.isBusy} className="justify-self-start">
              {say("savePassword")}
            </Button>
          </>
        )}
      </form>
    </Card>
  );
}
