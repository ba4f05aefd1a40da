/** Where a job stands, in the order in which they are looked for. */
export const jobStatuses = ["dead", "ready", "running", "done"] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** What the list of jobs is asked for; lives in the page's address. */
export interface JobSearch {
  status?: JobStatus;
  kind?: string;
}

export const readJobSearch = (search: Record<string, unknown>): JobSearch => ({
  status: jobStatuses.find((status) => status === search["status"]),
  kind: typeof search["kind"] === "string" && search["kind"] !== "" ? search["kind"] : undefined,
});
