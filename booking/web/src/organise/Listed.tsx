import type { ReactNode } from "react";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";

/** The parts of a query that a list's states are made of. */
interface Asked {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
}

interface Props {
  query: Asked;
  /** What is listed, as "the accounts". */
  what: string;
  isEmpty: boolean;
  empty: { title: string; says: ReactNode; action?: ReactNode };
  children: ReactNode;
}

/** A list in each of its states, with its next pages on demand. */
export function Listed({ query, what, isEmpty, empty, children }: Props) {
  if (query.isPending) {
    return (
      <Loading what={what} className="grid gap-3">
        <Skeleton className="h-16" />
        <Skeleton className="h-16" />
        <Skeleton className="h-16" />
      </Loading>
    );
  }
  if (query.isError && isEmpty) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (isEmpty) {
    return (
      <Card>
        <EmptyState title={empty.title} action={empty.action}>
          {empty.says}
        </EmptyState>
      </Card>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      {children}
      {query.hasNextPage && (
        <Button
          look="quiet"
          className="justify-self-center"
          busy={query.isFetchingNextPage ?? false}
          onClick={() => void query.fetchNextPage?.()}
        >
          More
        </Button>
      )}
    </div>
  );
}
