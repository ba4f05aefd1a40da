import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, openBrowser, place, room, type Script, Tab } from "./stage";

let browser: Browser;
beforeAll(async () => void (browser = await openBrowser()));
afterAll(() => browser.close());

const joined = { status: 201, body: { place: place() } };
const server = (change: Script = {}): Script => ({
  GET: { body: room() },
  "POST /places": joined,
  "GET /places/me": { body: place() },
  "DELETE /places/me": { status: 204 },
  ...change,
});
const turn = { state: "called", position: 0, ahead: 0, claim_by: at(120) } as const;
const shop = "http://localhost:9/events/1";
const admission = { body: { admission_token: "abc.def", booking_url: shop } };

/** Hides or shows the tab, as switching tabs does. */
async function setHidden(tab: Tab, hidden: boolean): Promise<void> {
  await tab.page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

/** Lets the page's clock run until the condition holds. */
const eventually = <T>(tab: Tab, read: () => Promise<T> | T, step_ms = 500) =>
  expect.poll(async () => {
    await tab.page.clock.runFor(step_ms);
    return read();
  }, { timeout: 15_000, interval: 20 });

describe("the line", () => {
  it("moves with each frame, and the bar never goes back", async () => {
    const tab = await (await Tab.open(browser, server())).visit();
    await expect.poll(() => tab.text("position")).toBe("1,234");
    const bar = () => tab.page.locator("#bar").getAttribute("aria-valuenow");
    tab.push({ position: 617, ahead: 616, serving: 3003 });
    await expect.poll(() => tab.text("position")).toBe("617");
    expect(await tab.text("serving")).toBe("3,003");
    expect(await bar()).toBe("50");
    expect(await tab.page.title()).toBe("617 · Rock Night");
    tab.push({ position: 700, ahead: 699 });
    await expect.poll(() => tab.text("position")).toBe("700");
    expect(await bar()).toBe("50");
    expect(await tab.text("note")).toBe("People ahead of you came back.");
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  it("keeps the bar over a refresh and asks for the place it had", async () => {
    const tab = await (await Tab.open(browser, server())).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push({ position: 617 });
    await expect.poll(() => tab.text("position")).toBe("617");
    tab.asked.length = 0;
    await tab.page.reload();
    await expect.poll(() => tab.text("position")).toBe("617");
    expect(await tab.page.locator("#bar").getAttribute("aria-valuenow")).toBe("50");
    expect(tab.asked).toEqual(["GET", "GET /places/me"]);
    await tab.close();
  });

  it("speaks each language chosen, and remembers it", async () => {
    const tab = await (await Tab.open(browser, server())).visit();
    await tab.page.locator("#language").selectOption("ar");
    await expect.poll(() => tab.page.locator("html").getAttribute("dir")).toBe("rtl");
    expect(await tab.text("title")).toBe("أنت في الطابور");
    await tab.page.reload();
    await expect.poll(() => tab.text("title")).toBe("أنت في الطابور");
    await tab.close();
  });

  it("is left only after a second thought", async () => {
    const tab = await (await Tab.open(browser, server())).visit();
    await expect.poll(tab.view).toBe("waiting");
    await tab.page.locator("#leave").click();
    await tab.page.getByRole("button", { name: "Stay" }).click();
    expect(tab.asked).not.toContain("DELETE /places/me");
    await tab.page.locator("#leave").click();
    await tab.page.getByRole("dialog").getByRole("button", { name: "Leave the line" }).click();
    await expect.poll(tab.view).toBe("left");
    expect(tab.asked).toContain("DELETE /places/me");
    await tab.page.locator("#action").click();
    await expect.poll(tab.view).toBe("waiting");
    await tab.close();
  });
});

describe("the way news comes", () => {
  it("is taken up again after the socket breaks", async () => {
    const tab = await (await Tab.open(browser, server())).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    await expect.poll(() => tab.text("position")).toBe("1,234");
    await tab.sockets[0]!.close({ code: 1001 });
    await expect.poll(() => tab.text("note")).toBe("No connection. We keep trying.");
    expect(await tab.text("position")).toBe("1,234");
    await eventually(tab, () => tab.sockets.length).toBe(2);
    tab.push({ position: 99 });
    await expect.poll(() => tab.text("position")).toBe("99");
    expect(await tab.page.locator("#note").isVisible()).toBe(false);
    await tab.close();
  });

  it("is server-sent events where sockets are blocked", async () => {
    const frame = `event: place\ndata: ${JSON.stringify(place({ position: 55 }))}\n\n`;
    const tab = await Tab.open(browser, server(), {}, false);
    await tab.page.route("**/stream", (route) => route.fulfill({ body: frame, contentType: "text/event-stream" }));
    await tab.visit();
    await eventually(tab, () => tab.text("position")).toBe("55");
    await tab.close();
  });

  it("is polling where both are blocked, no faster than asked", async () => {
    let polls = 0;
    const tab = await Tab.open(
      browser,
      server({ "GET /places/me": () => ({ body: place({ position: 900 - ++polls, retry_after_s: 30 }) }) }),
      {},
      false,
    );
    await tab.visit();
    await expect.poll(() => polls).toBe(2);
    await tab.page.clock.runFor(29_000);
    expect(polls).toBe(2);
    await eventually(tab, () => polls).toBe(3);
    await tab.close();
  });

  it("doesn't turn to polling while the server is down", async () => {
    let down = true;
    const tab = await Tab.open(
      browser,
      server({ "GET /places/me": () => (down ? { status: 503, headers: { "Retry-After": "7" } } : { body: place({ position: 3 }) }) }),
      {},
      false,
    );
    await tab.visit();
    await expect.poll(() => tab.text("note")).toBe("No connection. We keep trying.");
    await eventually(tab, () => tab.asked.filter((call) => call === "GET /places/me").length).toBeGreaterThan(2);
    expect(tab.asked).not.toContain("GET /stream");
    down = false;
    await eventually(tab, () => tab.text("position")).toBe("3");
    await tab.close();
  });

  it("joins again when the server doesn't know the place, and names cookies when that doesn't help", async () => {
    const tab = await Tab.open(browser, server({ "GET /places/me": { status: 401 } }), {}, false);
    await tab.visit();
    await eventually(tab, tab.view).toBe("cookies");
    expect(tab.asked.filter((call) => call === "POST /places")).toHaveLength(2);
    await tab.close();
  });
});

describe("the turn", () => {
  it("is taken at once in a tab somebody looks at, with the token in the fragment", async () => {
    const tab = await (await Tab.open(browser, server({ "POST /places/me/admission": admission }))).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push(turn);
    await tab.page.waitForURL("**/events/1*");
    expect(tab.page.url()).toBe(`${shop}#admission=abc.def&room=rock-night`);
    await tab.close();
  });

  it("waits, blinking, in a tab nobody looks at", async () => {
    const tab = await (await Tab.open(browser, server({ "POST /places/me/admission": admission }))).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    await setHidden(tab, true);
    tab.push(turn);
    await expect.poll(tab.view).toBe("called");
    expect(await tab.page.title()).toBe("★ It’s your turn!");
    expect(await tab.text("left")).toMatch(/^0[12]:\d\d$/);
    expect(await tab.page.locator("#urgent").textContent()).toContain("It’s your turn!");
    expect(tab.asked).not.toContain("POST /places/me/admission");
    await setHidden(tab, false);
    await tab.page.waitForURL("**/events/1*");
    await tab.close();
  });

  it("is called out by notification and sound to somebody who asked for them", async () => {
    const tab = await Tab.open(browser, server({ "POST /places/me/admission": admission }));
    await tab.page.addInitScript(() => {
      const shown: string[] = Object.assign(window, { shown: [] }).shown;
      class Shown {
        static requestPermission = async () => "granted";
        constructor(title: string) {
          shown.push(title);
        }
      }
      Object.assign(window, { Notification: Shown });
    });
    await tab.visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    const pressed = (name: string) => tab.page.getByRole("button", { name, pressed: true }).count();
    expect([await pressed("Sound"), await pressed("Notification")]).toEqual([0, 0]);
    await tab.page.getByRole("button", { name: "Sound" }).click();
    await tab.page.getByRole("button", { name: "Notification" }).click();
    await expect.poll(async () => [await pressed("Sound"), await pressed("Notification")]).toEqual([1, 1]);
    await setHidden(tab, true);
    tab.push(turn);
    await expect
      .poll(() => tab.page.evaluate(() => (window as unknown as { shown: string[] }).shown))
      .toEqual(["It’s your turn!"]);
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  it("is claimed by the button when claiming by itself failed", async () => {
    let tries = 0;
    const tab = await Tab.open(
      browser,
      server({ "POST /places/me/admission": () => (++tries === 1 ? { status: 503 } : admission) }),
    );
    await tab.visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push(turn);
    await expect.poll(() => tab.text("note")).toBe("No connection. We keep trying.");
    await tab.page.getByRole("button", { name: "Go to the shop" }).click();
    await tab.page.waitForURL("**/events/1*");
    await tab.close();
  });

  it("that was missed is told, and can be followed by a new place", async () => {
    const tab = await Tab.open(browser, server({ "POST /places/me/admission": { status: 410, body: {} } }));
    await tab.visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push(turn);
    await expect.poll(tab.view).toBe("expired");
    await tab.page.getByRole("button", { name: "Join again" }).click();
    await expect.poll(tab.view).toBe("waiting");
    expect(tab.asked.filter((call) => call === "POST /places")).toHaveLength(2);
    await tab.close();
  });

  it("is kept by knocking while the shop is full", async () => {
    const full = { status: 409, body: { detail: "full", place: place({ ...turn, at_door: true }) } };
    let tries = 0;
    const tab = await Tab.open(browser, server({ "POST /places/me/admission": () => (++tries < 3 ? full : admission) }));
    await tab.visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push(turn);
    await expect.poll(() => tab.text("text")).toBe("Your place is safe. It moves again soon.");
    tab.push({ ...turn, at_door: true });
    await tab.page.clock.runFor(30_000);
    expect(tries).toBe(1);
    await tab.page.clock.runFor(15_000);
    await expect.poll(() => tries).toBe(2);
    await eventually(tab, () => tab.page.url(), 5000).toContain("/events/1#admission=abc.def");
    await tab.close();
  });

  it("goes back to waiting when it came too early", async () => {
    const early = { status: 409, body: { detail: "not yet", place: place({ position: 2 }) } };
    const tab = await (await Tab.open(browser, server({ "POST /places/me/admission": early }))).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push(turn);
    await expect.poll(() => tab.text("position")).toBe("2");
    await tab.close();
  });
});

describe("a turn that may be put off", () => {
  const choice = { ...turn, can_defer: true } as const;
  const put = place({ position: 1, ahead: 0, deferred_until: at(300) });

  it("waits for a choice, is put off by the keyboard, and is taken before it comes again", async () => {
    const tab = await (await Tab.open(browser, server({ "POST /places/me/deferral": { body: put }, "POST /places/me/admission": admission }))).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push(choice);
    const later = tab.page.getByRole("button", { name: "Not now, in 5 minutes" });
    await expect.poll(() => later.isVisible()).toBe(true);
    expect(tab.asked, "nobody goes in while there is something to choose").not.toContain("POST /places/me/admission");
    await later.press("Enter");
    await expect.poll(tab.view).toBe("deferred");
    expect(await tab.text("text")).toMatch(/^It comes again at .*\. You can go in earlier\.$/);
    expect(await tab.page.locator("#said").textContent()).toContain("Your turn waits for you");
    expect(await tab.page.evaluate(() => document.activeElement?.id), "the focus is not lost with the button").toBe("title");
    expect([await later.isVisible(), await tab.text("left")]).toEqual([false, "05:00"]);
    await tab.page.getByRole("button", { name: "Go to the shop" }).click();
    await tab.page.waitForURL("**/events/1*");
    await tab.close();
  });

  it("goes in by itself before it is lost", async () => {
    const tab = await (await Tab.open(browser, server({ "POST /places/me/admission": admission }))).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push({ ...choice, claim_by: at(50) });
    await expect.poll(tab.view).toBe("called");
    await tab.page.clock.runFor(40_000);
    expect(tab.asked).not.toContain("POST /places/me/admission");
    await eventually(tab, () => tab.page.url(), 5000).toContain("/events/1#admission=abc.def");
    await tab.close();
  });

  it("is taken at once by somebody who found no line", async () => {
    const called = { status: 201, body: { place: place({ ...choice, joined_at: at(0) }) } };
    const tab = await (await Tab.open(browser, server({ "POST /places": called, "POST /places/me/admission": admission }))).visit();
    await tab.page.waitForURL("**/events/1*");
    await tab.close();
  });

  it("says so when the server refuses", async () => {
    const spent = { status: 409, body: { place: place(turn) } };
    const tab = await (await Tab.open(browser, server({ "POST /places/me/deferral": spent }))).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push(choice);
    await tab.page.locator("#later").click();
    await expect.poll(() => tab.page.locator("#later").isVisible()).toBe(false);
    expect(await tab.view()).toBe("called");
    await tab.close();
  });
});

describe("a line with one place per account", () => {
  const locked = room({ one_per_account: true, booking_url: "/sessions/3" });

  /** What joins send. */
  const sends = (tab: Tab): unknown[] => {
    const sent: unknown[] = [];
    tab.page.on("request", (request) => request.method() === "POST" && sent.push(request.postDataJSON()));
    return sent;
  };

  it("asks for a login at the shop and joins nothing without", async () => {
    const tab = await (await Tab.open(browser, server({ GET: { body: locked }, "GET /places/me": { status: 401 } }))).visit();
    await expect.poll(tab.view).toBe("account");
    expect(tab.asked).not.toContain("POST /places");
    await tab.page.getByRole("button", { name: "Log in" }).click();
    await tab.page.waitForURL("http://localhost:9/line/rock-night");
    await tab.close();
  });

  it("sends what the shop has handed over, and shows it nowhere", async () => {
    const tab = await Tab.open(browser, server({ GET: { body: locked } }));
    const sent = sends(tab);
    await tab.visit("/queue/rock-night#account=a.b.c");
    await expect.poll(tab.view).toBe("waiting");
    expect(sent).toEqual([{ account_token: "a.b.c" }]);
    expect(tab.page.url()).toBe("http://localhost:9/queue/rock-night");
    await tab.close();
  });

  it("keeps the account to itself where the room does not ask for it", async () => {
    const tab = await Tab.open(browser, server());
    const sent = sends(tab);
    await tab.visit("/queue/rock-night#account=a.b.c");
    await expect.poll(tab.view).toBe("waiting");
    expect(sent).toEqual([{}]);
    await tab.close();
  });

  it("asks the shop again where the account's token has ended while the page waited for the opening", async () => {
    let state: "scheduled" | "open" = "scheduled";
    const tab = await Tab.open(browser, server({
      GET: () => ({ body: { ...locked, state } }),
      "POST /places": { status: 401, body: { type: "https://rushline.dev/problems/invalid-token" } },
    }));
    await tab.visit("/queue/rock-night#account=a.b.c");
    await expect.poll(tab.view).toBe("scheduled");
    await tab.page.clock.runFor(61_000);
    state = "open";
    await eventually(tab, () => tab.page.url()).toBe("http://localhost:9/line/rock-night");
    await tab.close();
  });

  it("keeps a passed CAPTCHA while the shop is asked", async () => {
    const tab = await Tab.open(browser, server({ GET: { body: locked }, "GET /places/me": { status: 401 } }));
    await tab.visit("/queue/rock-night#captcha=passed");
    await expect.poll(tab.view).toBe("account");
    const sent = sends(tab);
    await tab.visit("/queue/rock-night#account=a.b.c");
    await tab.page.reload();
    await expect.poll(() => sent).toContainEqual({ captcha: "passed", account_token: "a.b.c" });
    await tab.close();
  });

  it("names the other browser where the account has a place there", async () => {
    const taken = { status: 409, body: { type: "https://rushline.dev/problems/account-has-place" } };
    const tab = await Tab.open(browser, server({ GET: { body: locked }, "POST /places": taken }));
    await tab.visit("/queue/rock-night#account=a.b.c");
    await expect.poll(tab.view).toBe("taken");
    await tab.close();
  });
});

describe("the way in", () => {
  it("opens by itself when the sale does", async () => {
    let state: "scheduled" | "open" = "scheduled";
    const tab = await Tab.open(browser, server({ GET: () => ({ body: room({ state, opens_at: at(20), retry_after_s: 60 }) }) }));
    await tab.visit();
    await expect.poll(tab.view).toBe("scheduled");
    expect(tab.asked).toEqual(["GET"]);
    state = "open";
    await eventually(tab, tab.view).toBe("waiting");
    await tab.close();
  });

  it("is tried again when the server can't be reached", async () => {
    const tab = await Tab.open(browser, server({ GET: "dead" }));
    await tab.visit();
    await expect.poll(() => tab.text("note")).toBe("No connection. We keep trying.");
    await eventually(tab, () => tab.asked.length).toBeGreaterThan(2);
    await tab.close();
  });

  it("is refused in the server's words", async () => {
    const tab = await Tab.open(browser, server({ "POST /places": { status: 409, body: { detail: "Nobody can join any more." } } }));
    await tab.visit();
    await expect.poll(() => tab.text("text")).toBe("Nobody can join any more.");
    await tab.page.clock.runFor(60_000);
    expect(tab.asked).toEqual(["GET", "POST /places"]);
    await tab.close();
  });

  it("is not offered without cookies", async () => {
    const tab = await Tab.open(browser, server());
    await tab.page.addInitScript(() => Object.defineProperty(navigator, "cookieEnabled", { value: false }));
    await tab.visit();
    await expect.poll(tab.view).toBe("cookies");
    expect(tab.asked).toEqual([]);
    await tab.close();
  });

  it("is not asked for at an address that names no room", async () => {
    const tab = await (await Tab.open(browser, server())).visit("/queue/");
    await expect.poll(tab.view).toBe("unknown");
    expect(tab.asked).toEqual([]);
    await tab.close();
  });

  it("tells visitors without JavaScript what happens", async () => {
    const tab = await Tab.open(browser, server(), { javaScriptEnabled: false });
    await tab.page.goto("http://localhost:9/queue/rock-night", { waitUntil: "commit" }).catch(() => {});
    await expect.poll(() => tab.page.locator("main").innerText()).toContain("refreshes itself every 20 seconds");
    await tab.close();
  });
});

describe("a place on another device", () => {
  const code = {
    status: 201,
    body: { url: "http://localhost:9/queue/rock-night#move=a.b.c", qr: "data:image/svg+xml;base64,PHN2Zy8+", expires_at: at(120) },
  };

  const gone = place({ state: "moved", position: 0, ahead: 0 });

  it("is offered as a code, and given up honestly once it is taken", async () => {
    const tab = await (await Tab.open(browser, server({ "POST /places/me/handover": code, "GET /places/me": { body: gone } }))).visit();
    await expect.poll(tab.view).toBe("waiting");
    await tab.page.locator("#move").click();
    const dialog = tab.page.getByRole("dialog");
    await expect.poll(() => dialog.getByRole("img").getAttribute("src")).toBe(code.body.qr);
    tab.push(gone);
    await expect.poll(tab.view).toBe("moved");
    expect(await dialog.count()).toBe(0);
    expect(await tab.text("text")).toBe("Another device holds it now.");
    expect(await tab.page.locator("#action").isVisible()).toBe(false);
    await tab.page.reload();
    await expect.poll(tab.view).toBe("moved");
    expect(tab.asked.filter((call) => call === "POST /places").length, "a reload asks, and never joins anew").toBe(1);
    await tab.close();
  });

  it("is a code that closes by itself and by the Escape key", async () => {
    const tab = await (await Tab.open(browser, server({ "POST /places/me/handover": code }))).visit();
    await expect.poll(tab.view).toBe("waiting");
    const dialog = tab.page.getByRole("dialog");
    await tab.page.locator("#move").press("Enter");
    await expect.poll(() => dialog.isVisible()).toBe(true);
    await tab.page.keyboard.press("Escape");
    expect(await dialog.count()).toBe(0);
    await tab.page.locator("#move").press("Enter");
    await expect.poll(() => dialog.isVisible()).toBe(true);
    await tab.page.clock.runFor(121_000);
    await expect.poll(() => dialog.count()).toBe(0);
    await tab.close();
  });

  it("is taken over by the address, which then says nothing any more", async () => {
    const taken = { "POST /handovers": { body: { place: place({ number: 7, position: 5 }) } } };
    const tab = await (await Tab.open(browser, server(taken))).visit("/queue/rock-night#move=a.b.c");
    await expect.poll(() => tab.asked).toContain("POST /handovers");
    await expect.poll(tab.view).toBe("waiting");
    expect(tab.page.url()).toBe("http://localhost:9/queue/rock-night");
    expect(tab.asked).not.toContain("POST /places");
    await tab.close();
  });

  it("is not taken over twice, and joining here is a choice", async () => {
    const over = { status: 410, body: { type: "https://rushline.dev/problems/handover-over" } };
    const tab = await (await Tab.open(browser, server({ "POST /handovers": over }))).visit("/queue/rock-night#move=a.b.c");
    await expect.poll(tab.view).toBe("stale");
    expect(tab.asked).not.toContain("POST /places");
    await tab.page.locator("#action").click();
    await expect.poll(tab.view).toBe("waiting");
    await tab.close();
  });
});

describe("a mail on one's turn", () => {
  const dialog = (tab: Tab) => tab.page.getByRole("dialog");

  it("is asked for once, said to be kept, remembered over a reload, and taken back", async () => {
    const tab = await Tab.open(browser, server({ "POST /places/me/mail": { status: 204 }, "DELETE /places/me/mail": { status: 204 } }));
    const sent: unknown[] = [];
    tab.page.on("request", (request) => request.url().endsWith("/mail") && sent.push([request.method(), request.postDataJSON()]));
    await tab.visit();
    await expect.poll(tab.view).toBe("waiting");
    await tab.page.getByRole("button", { name: "Mail me", pressed: false }).press("Enter");
    await dialog(tab).getByLabel("E-mail").fill("fan@example.org");
    await tab.page.keyboard.press("Enter");
    await expect.poll(() => dialog(tab).count()).toBe(0);
    expect(await tab.page.locator("#said").textContent()).toBe("We’ll mail you when it’s your turn.");
    await tab.page.reload();
    await expect.poll(tab.view).toBe("waiting");
    await tab.page.getByRole("button", { name: "Mail me", pressed: true }).click();
    await dialog(tab).getByRole("button", { name: "Don’t mail me" }).click();
    await expect.poll(() => tab.page.getByRole("button", { name: "Mail me", pressed: false }).count()).toBe(1);
    expect(sent).toEqual([["POST", { email: "fan@example.org" }], ["DELETE", null]]);
    expect(await tab.page.evaluate(() => JSON.stringify(localStorage))).not.toContain("example.org");
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  it("says what to do when it is refused, and keeps what was typed", async () => {
    const tab = await (await Tab.open(browser, server({ "POST /places/me/mail": { status: 422, body: {} } }))).visit();
    await expect.poll(tab.view).toBe("waiting");
    await tab.page.getByRole("button", { name: "Mail me" }).click();
    await dialog(tab).getByLabel("E-mail").fill("fan@nowhere");
    await dialog(tab).getByRole("button", { name: "Mail me" }).click();
    await expect.poll(() => dialog(tab).getByRole("alert").isVisible()).toBe(true);
    expect(await dialog(tab).getByLabel("E-mail").inputValue()).toBe("fan@nowhere");
    await tab.page.keyboard.press("Escape");
    await expect.poll(() => dialog(tab).count()).toBe(0);
    await tab.close();
  });
});

describe("a join that costs something", () => {
  /** Asks for work once, then lets in. */
  const costly = (bits: number): Script =>
    server({
      "POST /places": (times: number) =>
        times === 1 ? { status: 428, body: { work: { challenge: "of the room", bits, wait_s: 20 } } } : joined,
    });

  it("is paid by solving the task in a worker", async () => {
    const tab = await Tab.open(browser, costly(8));
    const sent: unknown[] = [];
    tab.page.on("request", (request) => request.method() === "POST" && sent.push(request.postDataJSON()));
    await tab.visit();
    await expect.poll(tab.view).toBe("waiting");
    expect(sent).toEqual([{}, { proof: { challenge: "of the room", nonce: expect.any(Number) } }]);
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  it("is paid by waiting where somebody prefers that", async () => {
    const tab = await Tab.open(browser, costly(32));
    const sent: unknown[] = [];
    tab.page.on("request", (request) => request.method() === "POST" && sent.push(request.postDataJSON()));
    await tab.visit();
    await expect.poll(tab.view).toBe("working");
    expect(await tab.text("action")).toBe("Wait 20 seconds instead");
    await tab.page.locator("#action").click();
    await tab.page.clock.runFor(19_000);
    expect(await tab.view()).toBe("working");
    await eventually(tab, tab.view).toBe("waiting");
    expect(sent.at(-1)).toEqual({ proof: { challenge: "of the room" } });
    await tab.close();
  });

  it("goes by the operator's own CAPTCHA page where one is set", async () => {
    let passed = false;
    const tab = await Tab.open(browser, server({
      "POST /places": () => (passed ? joined : { status: 428, body: { captcha_page: "http://localhost:9/robots" } }),
    }));
    await tab.visit();
    await expect.poll(() => tab.page.url()).toBe("http://localhost:9/robots?back=http%3A%2F%2Flocalhost%3A9%2Fqueue%2Frock-night");
    passed = true;
    const sent: unknown[] = [];
    tab.page.on("request", (request) => request.method() === "POST" && sent.push(request.postDataJSON()));
    await tab.visit("/queue/rock-night#captcha=passed");
    await expect.poll(tab.view).toBe("waiting");
    expect(sent).toEqual([{ captcha: "passed" }]);
    await tab.close();
  });
});

describe("without a network", () => {
  it("says whose fault it is, keeps the last figures, and goes on by itself", async () => {
    const tab = await (await Tab.open(browser, server())).visit();
    // The stream has said its first word; one that came in later would say that the network is there.
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push({ position: 1233 });
    await expect.poll(() => tab.text("position")).toBe("1,233");
    await tab.page.context().setOffline(true);
    await expect.poll(() => tab.text("note")).toBe("You’re offline. Your place is kept.");
    expect(await tab.text("position")).toBe("1,233");
    await tab.page.context().setOffline(false);
    tab.push({ position: 12 });
    await expect.poll(() => tab.text("position")).toBe("12");
    expect(await tab.page.locator("#note").isVisible()).toBe(false);
    await tab.close();
  });

  it("speaks English where the reader's language does not arrive", async () => {
    const tab = await Tab.open(browser, server(), { locale: "de-DE" });
    await tab.page.route("**/queue/_/de-*", (route) => route.abort());
    await tab.visit();
    await expect.poll(() => tab.text("title")).toBe("You’re in line");
    expect(await tab.page.locator("html").getAttribute("lang")).toBe("en");
    await tab.close();
  });
});
