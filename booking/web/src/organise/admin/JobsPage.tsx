import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { Job } from "../../api/types";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { Ask } from "../../ui/Ask";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { Listed } from "../Listed";
import { dashboardQuery } from "../overview/api";
import { AdminOnly } from "./AdminOnly";
import { JobCard } from "./JobCard";
import { jobsQuery, redrive } from "./api";
import { jobKinds, statusWords } from "./jobs";
import { type JobSearch, jobStatuses } from "./search";

const route = getRouteApi("/organise/jobs");

/** Mails, refunds and whatever else the server does in the background; what it gave up can be run again. */
export function JobsPage() {
  useTitle("Jobs and mails");
  return (
    <AdminOnly>
      <Jobs />
    </AdminOnly>
  );
}

function Jobs() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const jobs = useInfiniteQuery(jobsQuery(search));
  const again = useRedrive();
  const listed = jobs.data?.pages.flat() ?? [];
  const dead = listed.filter(({ status }) => status === "dead");
  return (
    <div className="grid grid-cols-1 gap-6">
      <h1 className="poster text-3xl">Jobs and mails</h1>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <Statuses search={search} />
        <Select
          label="Kind"
          className="w-full sm:w-64"
          value={search.kind ?? ""}
          onChange={(event) => void navigate({ search: { ...search, kind: event.target.value || undefined } })}
        >
          <option value="">All kinds</option>
          {Object.entries(jobKinds).map(([kind, words]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </Select>
      </div>
      {dead.length > 1 && <RunAll dead={dead} onRun={(all) => again.mutate(all)} isBusy={again.isPending} />}
      <Listed
        query={jobs}
        what="the jobs"
        isEmpty={listed.length === 0}
        empty={
          search.status === "dead"
            ? {
                title: "Nothing was given up",
                says: "Jobs that fail again and again end up here, to be run once more.",
              }
            : { title: "No such jobs", says: "Mails, refunds and payments show here as they are queued." }
        }
      >
        <ul className="grid gap-3">
          {listed.map((job) => (
            <li key={job.id}>
              <JobCard job={job} isBusy={again.isPending} onRun={() => again.mutate([job])} />
            </li>
          ))}
        </ul>
      </Listed>
    </div>
  );
}

/** Where jobs stand, with how many there are of each. */
function Statuses({ search }: { search: JobSearch }) {
  const { data } = useQuery(dashboardQuery());
  const tab =
    "inline-flex min-h-11 items-center gap-2 rounded-md border border-control bg-card px-3.5 text-sm font-semibold " +
    "hover:border-ink aria-[current=page]:border-ink aria-[current=page]:bg-ink aria-[current=page]:text-paper";
  const count = (status: string) => (data?.jobs[status] ?? 0).toLocaleString();
  return (
    <nav aria-label="Where they stand" className="flex flex-wrap gap-2">
      <Link {...to.jobs()} search={{ kind: search.kind }} className={tab} activeOptions={{ exact: true }}>
        All
      </Link>
      {jobStatuses.map((status) => (
        <Link key={status} {...to.jobs(status)} search={{ status, kind: search.kind }} className={tab}>
          {statusWords[status].text} <span className="figures font-normal">{data && count(status)}</span>
        </Link>
      ))}
    </nav>
  );
}

function useRedrive() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (jobs: readonly Job[]) => {
      for (const job of jobs) await redrive(job.id);
      return jobs.length;
    },
    onSuccess: (count) => toast("good", count === 1 ? "It runs again." : `${count} jobs run again.`),
    onError: (error) => toast("bad", asProblem(error).message),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["organise", "jobs"] });
      void client.invalidateQueries({ queryKey: dashboardQuery().queryKey });
    },
  });
}

interface RunAllProps {
  dead: readonly Job[];
  isBusy: boolean;
  onRun: (jobs: readonly Job[]) => void;
}

function RunAll({ dead, isBusy, onRun }: RunAllProps) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button look="quiet" className="justify-self-start" busy={isBusy} onClick={() => setAsking(true)}>
        <Icon name="redo" /> Run all {dead.length} again
      </Button>
      <Ask
        open={isAsking}
        title={`Run ${dead.length} jobs again?`}
        yes="Run them"
        no="Leave them"
        onYes={() => {
          setAsking(false);
          onRun(dead);
        }}
        onClose={() => setAsking(false)}
      >
        <p>
          Each starts from its first attempt. Refunds and payments are safe to repeat; a mail that did arrive, though
          its server never said so, arrives twice.
        </p>
      </Ask>
    </>
  );
}
