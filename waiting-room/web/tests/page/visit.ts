import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { at, openBrowser, place, room, type Script, Tab } from "./stage";

/** A browser for the tests of one file. */
export function useBrowser(): { readonly browser: Browser } {
  const held: { browser?: Browser } = {};
  beforeAll(async () => void (held.browser = await openBrowser()));
  afterAll(() => held.browser?.close());
  return {
    get browser() {
      if (held.browser === undefined) throw new Error("the browser is open while tests run");
      return held.browser;
    },
  };
}

export const joined = { status: 201, body: { place: place() } };
/** A server where somebody waits at a place, but for what a test changes. */
export const server = (change: Script = {}): Script => ({
  GET: { body: room() },
  "POST /places": joined,
  "GET /places/me": { body: place() },
  "DELETE /places/me": { status: 204 },
  ...change,
});
/** What the place says when it is called. */
export const turn = { state: "called", position: 0, ahead: 0, claim_by: at(120) } as const;
export const shop = "http://localhost:9/events/1";
export const admission = { body: { admission_token: "abc.def", booking_url: shop } };

/** Hides or shows the tab, as switching tabs does. */
export async function setHidden(tab: Tab, hidden: boolean): Promise<void> {
  await tab.page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

/** Lets the page's clock run until the condition holds. */
export const eventually = <T>(tab: Tab, read: () => Promise<T> | T, step_ms = 500) =>
  expect.poll(async () => {
    await tab.page.clock.runFor(step_ms);
    return read();
  }, { timeout: 15_000, interval: 20 });
