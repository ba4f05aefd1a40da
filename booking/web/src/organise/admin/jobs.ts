import type { Job } from "../../api/types";
import type { Tone } from "../../ui/Card";
import type { JobStatus } from "./search";

/** How a state is called and coloured. */
export const statusWords: Record<JobStatus, { text: string; tone: Tone }> = {
  dead: { text: "Given up", tone: "bad" },
  ready: { text: "Waiting", tone: "info" },
  running: { text: "Running", tone: "warn" },
  done: { text: "Done", tone: "good" },
};

/** The same for a state the API names as plain text; one we don't know is shown as it is. */
export const toneOf = (status: string): { text: string; tone: Tone } =>
  (statusWords as Record<string, { text: string; tone: Tone }>)[status] ?? { text: status, tone: "plain" };

/** What jobs do, by their kind. */
export const jobKinds: Record<string, string> = {
  mail: "Mail",
  "refund-payment": "Refund",
  "capture-payment": "Payment to collect",
  "gateway-callback": "Answer of the bank",
  departure: "Visit that ended",
  "turn-mail": "Mail on a turn",
  text: "Text message",
  "tell-postponed": "Mails of a new date",
  "tell-webhooks": "Webhooks to write",
  "deliver-webhook": "Webhook",
  "forget-names": "Names to forget",
};

const payloadOf = (job: Pick<Job, "payload">): Record<string, unknown> =>
  typeof job.payload === "object" && job.payload !== null ? (job.payload as Record<string, unknown>) : {};

/** `Mail: booking confirmed`, `Refund`. */
export function titleOf(job: Pick<Job, "kind" | "payload">): string {
  const kind = jobKinds[job.kind] ?? job.kind;
  const message = payloadOf(job)["message"];
  return typeof message === "string" ? `${kind}: ${message.replaceAll("-", " ")}` : kind;
}

/** The one thing a job is about, as `booking 0192a3b4` (as much of an id as people compare); nothing when its payload names none. */
export function subjectOf(job: Pick<Job, "payload">): string | null {
  const payload = payloadOf(job);
  const name = ["booking", "payment", "ticket", "transfer", "user", "event"].find((each) => each in payload);
  return name === undefined ? null : `${name} ${String(payload[name]).slice(0, 8)}`;
}
