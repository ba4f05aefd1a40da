import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { asProblem } from "../api/problem";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { buttonClass } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Loading, Skeleton } from "../ui/states";
import { verifyEmail } from "./api";
import { FormPage } from "./form";
import { say } from "./words";

/** Where the link in the welcome mail leads. */
export function VerifyEmailPage() {
  useTitle(say("confirmTitle"));
  const { token } = useSearch({ from: "/verify-email" });
  const verified = useQuery({
    queryKey: ["verify-email", token],
    queryFn: async () => {
      await verifyEmail(token ?? "");
      return true;
    },
    enabled: token !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <FormPage title={say("yourEmail")}>
      {token === undefined ? (
        <Notice tone="warn" title={say("incomplete")}>
          {say("copyAll")}
        </Notice>
      ) : verified.isPending ? (
        <Loading what={say("theConfirmation")}>
          <Skeleton className="h-20" />
        </Loading>
      ) : verified.isError ? (
        <Notice tone="bad" title={say("didntWork")}>
          {asProblem(verified.error).message}
        </Notice>
      ) : (
        <Notice tone="good" title={say("confirmed")}>
          {say("confirmedText")}
        </Notice>
      )}
      {verified.isError ? (
        // The account's page sends another link, to its owner alone.
        <Link {...to.account()} className={buttonClass("primary", "large", "mt-6 w-full")}>
          {say("sendAgain")}
        </Link>
      ) : (
        <Link {...to.events()} className={buttonClass("primary", "large", "mt-6 w-full")}>
          {say("seeWhatsOn")}
        </Link>
      )}
    </FormPage>
  );
}
