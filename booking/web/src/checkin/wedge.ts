import { useEffect, useRef } from "react";

/** Slowest that a keyboard scanner types; people are slower. */
const keyGap_ms = 100;
/** What begins like one of ours is meant, and may come over a weak radio. */
const ours = /^(RL1\.|TCK-)/i;
const oursGap_ms = 1_000;
const leastLetters = 6;
const mostLetters = 512;

/** What a keyboard scanner has typed so far. */
export interface Typed {
  text: string;
  at_ms: number;
}

export const nothingTyped: Typed = { text: "", at_ms: 0 };

/** Follows the keys: `done` is the text of a whole scan, when `Enter` has ended one. */
export function typed(before: Typed, key: string, now_ms: number): { next: Typed; done: string | null } {
  const isFast = now_ms - before.at_ms <= (ours.test(before.text) ? oursGap_ms : keyGap_ms);
  const text = isFast ? before.text : "";
  if (key === "Enter") return { next: nothingTyped, done: text.length >= leastLetters ? text : null };
  // Shift and the like come between capitals.
  if (key.length !== 1) return { next: { text, at_ms: isFast ? now_ms : 0 }, done: null };
  return { next: { text: (text + key).slice(0, mostLetters), at_ms: now_ms }, done: null };
}

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

/** Takes scans of keyboard scanners wherever the focus is, unless a field is being typed into. */
export function useWedge(onText: (text: string) => void): void {
  const tell = useRef(onText);
  useEffect(() => {
    tell.current = onText;
  }, [onText]);
  useEffect(() => {
    let before = nothingTyped;
    const onKey = (event: KeyboardEvent) => {
      if (isTextField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const { next, done } = typed(before, event.key, event.timeStamp);
      // The scanner's keys are for us, not for the button that happens to have the focus.
      if (done !== null || (next.text.length > 1 && event.key === " ")) event.preventDefault();
      before = next;
      if (done !== null) tell.current(done);
    };
    addEventListener("keydown", onKey, { capture: true });
    return () => removeEventListener("keydown", onKey, { capture: true });
  }, []);
}
