import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { asProblem, type Problem } from "../api/problem";
import { to } from "../paths";
import { Button, buttonClass } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Loading, Skeleton } from "../ui/states";
import { CodeField } from "./CodeField";
import { FormPage, FormProblem, useForm } from "./form";
import { finishProvider, refusalText } from "./oidc";
import { say } from "./words";

interface Props {
  /** `done`, or why not. */
  outcome: string;
  next: string | undefined;
}

/** Back from the provider: signs in, asks for the second factor first, or says what went wrong. */
export function ProviderReturn({ outcome, next }: Props) {
  const navigate = useNavigate();
  const [problem, setProblem] = useState<Problem | null>(null);
  const isBegun = useRef(false);
  const goOn = () => void navigate({ href: next ?? "/", replace: true });
  useEffect(() => {
    // The answer works once: not again where effects run twice.
    if (outcome !== "done" || isBegun.current) return;
    isBegun.current = true;
    finishProvider("").then(goOn, (error: unknown) => setProblem(asProblem(error)));
  });
  if (outcome !== "done") return <Refused text={refusalText(outcome)} next={next} />;
  if (problem === null) {
    return (
      <FormPage title={say("welcomeBack")}>
        <Loading what={say("account")}>
          <Skeleton className="h-24" />
        </Loading>
      </FormPage>
    );
  }
  if (problem.slug !== "totp-required") {
    return (
      <Refused text={problem.slug.startsWith("oidc-") ? refusalText(problem.slug) : problem.message} next={next} />
    );
  }
  return <AskCode onDone={goOn} />;
}

function AskCode({ onDone }: { onDone: () => void }) {
  const form = useForm((value) => finishProvider(value("code")).then(onDone));
  return (
    <FormPage title={say("welcomeBack")}>
      <form onSubmit={form.submit} className="grid gap-5">
        <FormProblem problem={form.problem} />
        <CodeField orRecovery error={form.errorOf("code")} />
        <Button type="submit" size="large" busy={form.isBusy}>
          {say("signIn")}
        </Button>
      </form>
    </FormPage>
  );
}

function Refused({ text, next }: { text: string; next: string | undefined }) {
  return (
    <FormPage title={say("welcomeBack")}>
      <Notice tone="bad" title={say("notSignedIn")}>
        {text}
      </Notice>
      <Link {...to.login(next)} className={buttonClass("primary", "large", "mt-6 w-full")}>
        {say("backToLogin")}
      </Link>
    </FormPage>
  );
}
