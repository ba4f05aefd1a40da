import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Place, Room } from "../../src/types";
import { at, openBrowser, place, room, type Script, Tab } from "./stage";

let browser: Browser;
beforeAll(async () => void (browser = await openBrowser()));
afterAll(() => browser.close());

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** The server's part for a visitor who finds the room and place like this. */
const standing = (placeChange: Partial<Place>, roomChange: Partial<Room> = {}): Script => ({
  GET: { body: room(roomChange) },
  "POST /places": { status: 201, body: { place: place({ room_state: roomChange.state ?? "open", ...placeChange }) } },
  "GET /places/me": { body: place(placeChange) },
  "POST /places/me/admission": { status: 503, body: { detail: "busy" } },
});

const message = "Doors open at 19:00. Under 16s need an adult with them.";

const refused = (slug: string, status: number) => ({ status, body: { type: `https://rushline.dev/problems/${slug}` } });

/** What the server puts into the page of a room with colours, logo and text of its own; a test of the server keeps it true. */
const theme = JSON.parse(readFileSync(new URL("theme.json", import.meta.url), "utf8")) as Record<string, string>;

interface Case {
  script: Script;
  view: string;
  options?: BrowserContextOptions;
  path?: string;
  /** The button that is pressed before the page is looked at. */
  press?: string;
  theme?: Record<string, string>;
}

const states: Record<string, Case> = {
  waiting: { script: standing({}, { message }), view: "waiting" },
  near: { script: standing({ position: 7, ahead: 6, number: 2393, eta: { low_s: 10, high_s: 50 }, waiting_behind: 12 }), view: "waiting" },
  mail: { script: standing({}), view: "waiting", press: "#mail" },
  paused: { script: standing({ paused: true, room_state: "paused", message: "A short technical break." }), view: "paused" },
  draining: { script: standing({ room_state: "draining" }), view: "waiting" },
  lobby: { script: standing({ state: "lobby", number: 212, position: 212, ahead: 211, eta: null, serving: 0 }, { state: "lobby", opens_at: at(754) }), view: "lobby" },
  scheduled: { script: { GET: { body: room({ state: "scheduled", opens_at: at(3 * 86400 + 4000) }) } }, view: "scheduled" },
  called: { script: standing({ state: "called", position: 0, ahead: 0, claim_by: at(245) }), view: "called" },
  "at-door": { script: standing({ state: "called", position: 0, ahead: 0, claim_by: at(245), at_door: true }), view: "called" },
  choosing: { script: standing({ state: "called", position: 0, ahead: 0, claim_by: at(245), can_defer: true }), view: "called" },
  deferred: { script: standing({ position: 1, ahead: 0, deferred_until: at(290) }), view: "deferred" },
  admitted: {
    script: {
      ...standing({ state: "admitted", position: 0, ahead: 0 }),
      "POST /places/me/admission": { body: { admission_token: "t", booking_url: "about:blank" } },
    },
    view: "admitted",
  },
  expired: { script: standing({ state: "expired" }), view: "expired" },
  left: { script: standing({ state: "left" }), view: "left" },
  moved: { script: standing({ state: "moved", position: 0, ahead: 0 }), view: "moved" },
  foreign: { script: { GET: { body: room() }, "POST /places": refused("place-not-yours", 403) }, view: "foreign" },
  stale: { script: { GET: { body: room() }, "POST /handovers": refused("handover-over", 410) }, view: "stale", path: "/queue/rock-night#move=a.b.c" },
  account: { script: { GET: { body: room({ one_per_account: true }) } }, view: "account" },
  taken: { script: { GET: { body: room() }, "POST /places": refused("account-has-place", 409) }, view: "taken" },
  working: { script: { GET: { body: room() }, "POST /places": { status: 428, body: { work: { challenge: "x", bits: 32, wait_s: 30 } } } }, view: "working" },
  themed: { script: standing({}), view: "waiting", theme },
  closed: { script: { GET: { body: room({ state: "closed", message: "All 1,300 tickets are sold. Thank you!" }) } }, view: "closed" },
  error: { script: { GET: { status: 503, body: {} } }, view: "error" },
  unknown: { script: {}, view: "unknown" },
  arabic: { script: standing({}, { name: "ليلة الروك", message: "تفتح الأبواب الساعة السابعة مساءً." }), view: "waiting", options: { locale: "ar-EG" } },
  "deferred-arabic": {
    script: standing({ state: "called", position: 0, ahead: 0, claim_by: at(245), can_defer: true }),
    view: "called",
    options: { locale: "ar-EG" },
  },
  german: { script: standing({ paused: true }), view: "paused", options: { locale: "de-DE" } },
  japanese: { script: standing({}), view: "waiting", options: { locale: "ja-JP" } },
};

const looks: Record<string, BrowserContextOptions> = {
  phone: {},
  "phone-dark": { colorScheme: "dark" },
  desktop: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  "desktop-dark": { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1, colorScheme: "dark" },
};

/** All four are for the eye; what can be checked differs between two. */
const checked = process.env["SHOTS"] ? Object.keys(looks) : ["phone", "desktop-dark"];

describe.each(checked)("on a %s", (look) => {
  it.each(Object.keys(states))("%s looks right and is accessible", async (name) => {
    const { script, view, options, path, theme, press } = states[name]!;
    const tab = await Tab.open(browser, script, { bypassCSP: true, ...looks[look], ...options });
    tab.filled = theme ?? {};
    await tab.visit(path);
    await expect.poll(tab.view).toBe(view);
    await tab.page.clock.runFor(800);
    if (name === "waiting") tab.push({ position: 800, ahead: 799, serving: 2820, message });
    await tab.page.clock.runFor(5000);
    if (press) await tab.page.locator(press).click();
    await tab.picture(`${name}-${look}`);
    await tab.page.addScriptTag({ path: axe });
    const found = await tab.page.evaluate(() =>
      (window as unknown as { axe: { run(o: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe
        .run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
        .then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)),
    );
    expect(found).toEqual([]);
    const sideways = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways).toBeLessThanOrEqual(0);
    expect(tab.problems).toEqual([]);
    await tab.close();
  });
});
