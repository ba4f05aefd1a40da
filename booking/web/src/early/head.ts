import type { EventCard } from "../api/types";
import { band, bandColours, bandSizes } from "../events/band";
import { groundOf } from "../events/poster";
import { featuredOf } from "../events/sale";
import { sessionBar } from "../seats/bar";
import type { EarlyPage } from "./page";

type Named = Pick<EventCard, "id" | "name" | "category">;

/**
 * Draws the name of what the page is about, where and as the page itself will show it, so that a reader on a slow network
 * sees at once where she is. The page takes its place when it is whole. Anything unexpected in the answer: no head.
 */
export function drawHead(root: HTMLElement, { name }: EarlyPage, answer: unknown, nowMs: number): void {
  const event = eventIn(name, answer, nowMs);
  if (event === null || root.childElementCount > 0) return;
  const title = name === "session" ? barOf(event) : bandOf(event, bandSizes[name], name === "home" ? "h2" : "h1");
  root.append(boxOf("sticky top-0 z-30 border-b border-line bg-paper", boxOf("h-15")), title);
}

function eventIn(name: EarlyPage["name"], answer: unknown, nowMs: number): Named | null {
  if (name === "home") return Array.isArray(answer) ? featuredOf(answer as EventCard[], nowMs) : null;
  const event = name === "event" ? answer : (answer as { event?: unknown } | null)?.event;
  return typeof (event as Named | undefined)?.name === "string" ? (event as Named) : null;
}

function bandOf(event: Named, sizes: (typeof bandSizes)["event" | "home"], heading: "h1" | "h2"): HTMLElement {
  const words = boxOf(sizes.words, textOf(heading, band.name, event.name));
  const whole = boxOf(band.ground, boxOf(`${band.art} ${sizes.art}`), boxOf(band.page, boxOf(band.words, words)));
  Object.assign(whole.style, bandColours(groundOf(event)));
  return whole;
}

const barOf = (event: Named): HTMLElement =>
  boxOf(
    sessionBar.whole,
    boxOf(
      sessionBar.line,
      boxOf("size-11 shrink-0"),
      boxOf(sessionBar.words, textOf("h1", sessionBar.name, event.name)),
    ),
  );

function boxOf(look: string, ...children: HTMLElement[]): HTMLElement {
  const box = document.createElement("div");
  box.className = look;
  box.append(...children);
  return box;
}

function textOf(tag: "h1" | "h2", look: string, text: string): HTMLElement {
  const heading = document.createElement(tag);
  heading.className = look;
  heading.textContent = text;
  return heading;
}
