import { Button } from "../ui/Button";
import { Notice } from "../ui/Card";
import { EmailField } from "./fields";
import { FormProblem, useForm } from "./form";
import { askGuestLink } from "./guests";
import { say } from "./words";

/** For guests whose link is lost or too old: a new one by mail. */
export function AskLink() {
  const form = useForm((value) => askGuestLink(value("email").trim()));
  if (form.isDone) {
    return (
      <Notice tone="good" title={say("lookInMail")}>
        {say("guestLinkSent")}
      </Notice>
    );
  }
  return (
    <form onSubmit={form.submit} className="grid gap-5">
      <FormProblem problem={form.problem} />
      <EmailField form={form} isAccount={false} hint={say("guestLinkHint")} />
      <Button type="submit" size="large" busy={form.isBusy}>
        {say("sendLink")}
      </Button>
    </form>
  );
}
