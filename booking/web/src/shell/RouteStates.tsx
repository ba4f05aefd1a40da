import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { to } from "../paths";
import { buttonClass } from "../ui/Button";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";
import { useTitle } from "./title";

/** While a page's code loads. */
export function RoutePending() {
  return (
    <Loading what="the page" className="page grid gap-4 py-10">
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
  useTitle("Page not found");
  return (
    <div className="page py-10">
      <EmptyState
        level={1}
        title="This line leads nowhere"
        action={
          <Link {...to.events()} className={buttonClass("primary")}>
            See all events
          </Link>
        }
      >
        The page may have moved, or the address has a typo.
      </EmptyState>
    </div>
  );
}
