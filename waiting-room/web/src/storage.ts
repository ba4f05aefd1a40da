/** The browser's storage, which may be forbidden or full: then nothing is remembered and nothing fails. */

export function recall<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(`rushline.${key}`) ?? "null");
  } catch {
    return null;
  }
}

/** Keeps a value; null forgets it. */
export function remember(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(`rushline.${key}`);
    else localStorage.setItem(`rushline.${key}`, JSON.stringify(value));
  } catch {}
}
