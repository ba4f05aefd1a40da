import { accessToken, renew, wasSignedIn } from "../users/session";
import { failureOf, report, undoCheckIn } from "./api";
import { type Entry, nextReport, pauseAfter, settle, workOf } from "./entries";

/** How we stand with the server. `offline` also when it is too slow to wait for. */
export type Link = "online" | "offline" | "signed-out";

/** What the courier works for. */
export interface Client {
  entries(): readonly Entry[];
  /** Changes entries as they are now, at once, and writes them down. */
  change(ids: readonly string[], update: (entry: Entry) => Entry): Promise<void>;
  /** Fetches what is new; throws when it can't. */
  refresh(): Promise<void>;
  /** The link changed; `trouble` is a refusal that a person must look into. */
  linked(link: Link, trouble: string | null): void;
  /** Now by the server's clock, in milliseconds. */
  now(): number;
}

const mostInReport = 50;
const idlePause_ms = 10_000;
/** Between looks at something that only a person can put right. */
const stuckPause_ms = 30_000;

/** Carries entries to the server and news back, one round after another, for as long as the gate is open. */
export class Courier {
  #failures = 0;
  #batch = mostInReport;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #round: Promise<void> | null = null;
  #isWanted = false;
  #isStopped = false;

  constructor(private readonly client: Client) {
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.#onVisible);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.#onVisible);
  }

  /** Starts a round now, or another one right after the present one. */
  hurry = (): void => {
    if (this.#isStopped) return;
    if (this.#round !== null) {
      this.#isWanted = true;
      return;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#round = this.#run().finally(() => {
      this.#round = null;
      if (this.#isWanted) this.hurry();
    });
  };

  #onVisible = (): void => {
    if (document.visibilityState === "visible") this.hurry();
  };

  async #run(): Promise<void> {
    this.#isWanted = false;
    const pause = await this.#roundTrip().catch((error: unknown) => this.#failed(error));
    if (!this.#isStopped) this.#timer = setTimeout(this.hurry, pause);
  }

  /** One visit; gives the pause until the next. */
  async #roundTrip(): Promise<number> {
    // The browser knows that there is no way out: nothing is tried, so nothing can have arrived.
    if (!navigator.onLine) throw new DOMException("There is no network", "NetworkError");
    if (accessToken() === null && !(await renew(null)) && !wasSignedIn()) {
      this.client.linked("signed-out", null);
      return stuckPause_ms;
    }
    let reported = true;
    while (reported) reported = await this.#reportSome();
    for (const entry of this.client.entries().filter((each) => workOf(each) === "undo")) await this.#tellUndo(entry);
    await this.client.refresh();
    this.#failures = 0;
    this.client.linked("online", null);
    return idlePause_ms * (0.8 + Math.random() * 0.4);
  }

  #failed(error: unknown): number {
    const failure = failureOf(error);
    if (failure.kind === "unreachable") {
      this.#failures += 1;
      this.client.linked("offline", null);
      return pauseAfter(this.#failures, Math.random());
    }
    if (failure.kind === "signed-out") this.client.linked("signed-out", null);
    else this.client.linked("online", failure.problem.message);
    return stuckPause_ms;
  }

  /** Reports the oldest entries; false when there are none. A report that is refused is split until the one at fault is found. */
  async #reportSome(): Promise<boolean> {
    const batch = nextReport(this.client.entries(), this.#batch);
    if (batch.length === 0) return false;
    const ids = batch.map((entry) => entry.id);
    // Written down first: if the answer is lost, the server may know them all the same.
    await this.client.change(ids, (entry) => ({ ...entry, tries: entry.tries + 1 }));
    try {
      const answers = new Map((await report(batch)).map((each) => [each.id, each]));
      const now = this.client.now();
      await this.client.change(ids, (entry) => {
        const answer = answers.get(entry.id);
        return answer === undefined ? entry : settle(entry, answer, now);
      });
      this.#batch = Math.min(mostInReport, this.#batch * 2);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== "refused" || failure.problem.status === 403) throw error;
      await this.#narrow(batch, failure.problem.message);
    }
    return true;
  }

  async #narrow(batch: readonly Entry[], why: string): Promise<void> {
    const [only] = batch;
    if (batch.length > 1 || only === undefined) {
      this.#batch = Math.max(1, Math.floor(batch.length / 2));
      return;
    }
    const result = { result: "rejected", reason: why, first_used_at: null, gate: null } as const;
    await this.client.change([only.id], (entry) => ({ ...entry, result, settled_at: this.client.now() }));
  }

  async #tellUndo(entry: Entry): Promise<void> {
    await undoCheckIn(entry.id).catch((error: unknown) => {
      const failure = failureOf(error);
      // Refused: it is taken back already, or gone. Either way there is nothing more to tell.
      if (failure.kind !== "refused") throw error;
    });
    await this.client.change([entry.id], (each) => ({ ...each, isUndoTold: true }));
  }
}
