/** Answers that `src/early.ts` asked for while the pages' scripts were still on their way, by address. */
const started = (): Record<string, Promise<Response>> =>
  (globalThis as { early?: Record<string, Promise<Response>> }).early ?? {};

/** The answer that is on its way already, once; null where nothing was asked for, or nobody could be reached. */
export async function takeEarly(address: string): Promise<Response | null> {
  const answer = started()[address];
  if (answer === undefined) return null;
  delete started()[address];
  return answer.catch(() => null);
}
