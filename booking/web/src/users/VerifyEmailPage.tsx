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

/** Where the link in the welcome mail leads. */
export function VerifyEmailPage() {
  useTitle("Confirm your e-mail");
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
    <FormPage title="Your e-mail">
      {token === undefined ? (
        <Notice tone="warn" title="The link is incomplete">
          Open it from the mail again, or copy all of it.
        </Notice>
      ) : verified.isPending ? (
        <Loading what="the confirmation">
          <Skeleton className="h-20" />
        </Loading>
      ) : verified.isError ? (
        <Notice tone="bad" title="That didn't work">
          {asProblem(verified.error).message}
        </Notice>
      ) : (
        <Notice tone="good" title="Confirmed">
          Your tickets will reach you at this address.
        </Notice>
      )}
      <Link {...to.events()} className={buttonClass("primary", "large", "mt-6 w-full")}>
        See what's on
      </Link>
    </FormPage>
  );
}
