import type { ReactNode } from "react";
import type { Job } from "../../api/types";
import { Button } from "../../ui/Button";
import { Badge, Card } from "../../ui/Card";
import { Icon } from "../../ui/Icon";
import { timeText } from "../../ui/time";
import { subjectOf, titleOf, toneOf } from "./jobs";

/** One job: what it is, how it stands, why it failed, and the way to run it again. */
export function JobCard({ job, isBusy, onRun }: { job: Job; isBusy: boolean; onRun: () => void }) {
  const state = toneOf(job.status);
  const subject = subjectOf(job);
  return (
    <Card className="grid gap-3 p-4 sm:p-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-2.5 font-bold">
            {titleOf(job)}
            <Badge tone={state.tone}>{state.text}</Badge>
          </h2>
          {subject && <p className="figures text-sm break-all text-soft">{subject}</p>}
        </div>
        {job.status === "dead" && (
          <Button look="strong" size="small" busy={isBusy} onClick={onRun}>
            <Icon name="redo" /> Run again
          </Button>
        )}
      </div>
      {job.last_error && (
        <p className="rounded-md bg-bad-wash px-3.5 py-2.5 text-sm break-words">
          <span className="font-semibold text-bad">Why the last attempt failed</span>
          <span className="block font-mono text-xs">{job.last_error}</span>
        </p>
      )}
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        <Fact name="Queued">{timeText(job.created_at, "exact")}</Fact>
        {job.done_at ? (
          <Fact name="Done">{timeText(job.done_at, "exact")}</Fact>
        ) : (
          <Fact name="Not before">{timeText(job.run_at, "exact")}</Fact>
        )}
        <Fact name="Attempts">{job.attempts}</Fact>
      </dl>
      <details>
        <summary className="caption inline-flex min-h-9 items-center rounded-sm text-soft hover:text-ink">
          What it works with
        </summary>
        <div
          role="region"
          aria-label="What it works with"
          tabIndex={0}
          className="overflow-x-auto rounded-md bg-sunk p-3"
        >
          <pre className="font-mono text-xs">{JSON.stringify(job.payload, null, 2)}</pre>
        </div>
      </details>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-2">
      <dt className="text-soft">{name}</dt>
      <dd className="figures">{children}</dd>
    </div>
  );
}
