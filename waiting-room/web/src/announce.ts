const quiet_ms = 30_000;

/** Decides what a screen reader hears: news at once, figures at most every thirty seconds, nothing twice. */
export class Announcer {
  #news = "";
  #spoken = "";
  #spoken_at = -Infinity;

  /** The text to speak now, or null. `news` is the page's state in words; `figures` may change with each frame. */
  next(news: string, figures: string, now_ms: number): string | null {
    const text = `${news} ${figures}`.trim();
    const changed = news !== this.#news;
    if (!changed && (text === this.#spoken || now_ms - this.#spoken_at < quiet_ms)) return null;
    this.#news = news;
    this.#spoken = text;
    this.#spoken_at = now_ms;
    return text;
  }
}
