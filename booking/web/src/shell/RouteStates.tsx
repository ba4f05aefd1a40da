import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { to } from "../paths";
import { buttonClass } from "../ui/Button";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";
import { useTitle } from "./title";
import { say } from "./words";

/** While a page's code loads. */
export function RoutePending() {
  return (
    <Loading what={say("thePage")} className="page grid gap-4 py-10">
      <Skeleton className="h-10 w-2/3" />
      <Skeleton className="h-64" />
    </Loading>
  );
}

/** A page that failed to show; most often a new version was deployed and its old code is gone. */
export function RouteError({ error }: ErrorComponentProps) {
  return (
    <div className="page">
      <ErrorState level={1} error={error} onRetry={() => window.location.reload()} />
    </div>
  );
}

export function NotFoundPage() {
  useTitle(say("notFound"));
  return (
    <div className="page py-10">
      <EmptyState
        level={1}
        title={say("nowhere")}
        action={
          <Link {...to.events()} className={buttonClass("primary")}>
            {say("seeEvents")}
          </Link>
        }
      >
        {say("nowhereText")}
      </EmptyState>
    </div>
  );
}
