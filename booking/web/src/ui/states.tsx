import type { ReactNode } from "react";
import { asProblem } from "../api/problem";
import { Button } from "./Button";
import { say } from "./words";

/** A grey stand-in of the size of what will come, so that nothing jumps. */
export function Skeleton({ className = "" }: { className?: string }) {
  return (
    <div
      aria-hidden="true"
      className={`animate-shimmer rounded-md bg-[linear-gradient(100deg,var(--sunk)_40%,var(--line)_50%,var(--sunk)_60%)] bg-[length:220%_100%] ${className}`}
    />
  );
}

/** Tells a screen reader that a part of the page is loading; the skeletons are its children. */
export function Loading({
  what,
  children,
  className = "",
}: {
  what?: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div role="status" aria-busy="true" className={className}>
      <span className="sr-only">{what === undefined ? say("loading") : say("loadingWhat", { what })}</span>
      {children}
    </div>
  );
}

/** The line that leads nowhere: our mark for pages without content. */
function Line({ broken }: { broken: boolean }) {
  return (
    <svg
      viewBox="0 0 240 64"
      className="h-16 w-60"
      aria-hidden="true"
      fill="none"
      strokeWidth="7"
      strokeLinecap="round"
    >
      <path d="M6 52h70c18 0 18-38 36-38h22" stroke="var(--flare)" />
      <path
        d={broken ? "M158 26l14 14m0-14-14 14M190 14h44" : "M134 14h26c18 0 18 38 36 38h38"}
        stroke={broken ? "var(--bad)" : "var(--line)"}
        strokeDasharray={broken ? undefined : "1 15"}
      />
    </svg>
  );
}

interface EmptyProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** 1 where this is the whole page, so that the page keeps a main heading. */
  level?: 1 | 2;
}

export function EmptyState({ title, children, action, level = 2 }: EmptyProps) {
  const Heading = `h${level}` as const;
  return (
    <div className="grid justify-items-center gap-3 px-4 py-14 text-center">
      <Line broken={false} />
      <Heading className="heading mt-2 text-xl">{title}</Heading>
      {children && <div className="max-w-sm text-soft">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

interface ErrorProps extends Pick<EmptyProps, "action" | "level"> {
  error: unknown;
  onRetry?: () => void;
}

/** What went wrong, what to do next, and a way to try again. */
export function ErrorState({ error, onRetry, action, level = 2 }: ErrorProps) {
  const Heading = `h${level}` as const;
  const problem = asProblem(error);
  const reference = problem.text("request_id");
  return (
    <div role="alert" className="grid justify-items-center gap-3 px-4 py-14 text-center">
      <Line broken />
      <Heading className="heading mt-2 text-xl">{problem.title}</Heading>
      {problem.detail && <p className="max-w-sm text-soft">{problem.detail}</p>}
      <div className="mt-3 flex flex-wrap justify-center gap-3">
        {onRetry && (
          <Button look="strong" onClick={onRetry}>
            {say("tryAgain")}
          </Button>
        )}
        {action}
      </div>
      {reference && <p className="text-xs text-soft">{say("reference", { id: reference })}</p>}
    </div>
  );
}
