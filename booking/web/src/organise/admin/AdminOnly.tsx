import type { ReactNode } from "react";
import { EmptyState } from "../../ui/states";
import { isAdmin, useAccount } from "../../users/session";

/** Shows a page to admins; others learn whom to ask. */
export function AdminOnly({ children }: { children: ReactNode }) {
  const { user } = useAccount();
  if (isAdmin(user)) return children;
  return (
    <EmptyState level={1} title="This page is for administrators">
      Ask yours for what you need: they see accounts, jobs and the audit log.
    </EmptyState>
  );
}
