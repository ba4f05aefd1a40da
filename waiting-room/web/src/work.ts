import solverUrl from "./solver?worker&url";
import type { Work } from "./types";

/** What is sent with the join. */
export interface Proof {
  challenge: string;
  /** The solution; without one the visitor has waited instead. */
  nonce?: number;
}

/**
 * Pays for a join: solves the task in a worker, so that the page stays quick, or waits, once `stop` resolves or where
 * there are no workers. Resolves when it is worth joining.
 */
export async function pay({ challenge, bits, wait_s }: Work, stop: Promise<void>): Promise<Proof> {
  const waited_at = Date.now() + wait_s * 1000 + 500;
  const worker = window.Worker && new Worker(solverUrl);
  const solved = new Promise<number>((resolve) => {
    if (!worker) return;
    worker.onmessage = ({ data }) => resolve(data as number);
    worker.postMessage({ challenge, bits });
  });
  const tired = worker ? stop : Promise.resolve();
  const waited = tired.then(() => new Promise<undefined>((resolve) => setTimeout(resolve, waited_at - Date.now())));
  const nonce = await Promise.race([solved, waited]);
  worker?.terminate();
  return nonce === undefined ? { challenge } : { challenge, nonce };
}
