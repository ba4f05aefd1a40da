import { describe, expect, it } from "vitest";
import { at, place, Tab } from "./stage";
import { admission, eventually, server, setHidden, shop, turn, useBrowser } from "./visit";

const held = useBrowser();

describe("the turn", () => {
  it("is taken at once in a tab somebody looks at, with the token in the fragment", async () => {
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/admission": admission }))).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push(turn);
    await tab.page.waitForURL("**/events/1*");
    expect(tab.page.url()).toBe(`${shop}#admission=abc.def&room=rock-night`);
    await tab.close();
  });

  it("waits, blinking, in a tab nobody looks at", async () => {
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/admission": admission }))).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    await setHidden(tab, true);
    tab.push(turn);
    await expect.poll(tab.view).toBe("called");
    expect(await tab.page.title()).toBe("★ It’s your turn");
    expect(await tab.text("left")).toMatch(/^0[12]:\d\d$/);
    expect(await tab.page.locator("#urgent").textContent()).toContain("It’s your turn");
    expect(tab.asked).not.toContain("POST /places/me/admission");
    await setHidden(tab, false);
    await tab.page.waitForURL("**/events/1*");
    await tab.close();
  });

  it("is called out by notification and sound to somebody who asked for them", async () => {
    const tab = await Tab.open(held.browser, server({ "POST /places/me/admission": admission }));
    await tab.page.addInitScript(() => {
      const shown: string[] = Object.assign(window, { shown: [] }).shown;
      class Shown {
        static requestPermission = async () => "granted";
        constructor(title: string) {
          shown.push(title);
        }
      }
      const sounds: number[] = Object.assign(window, { sounds: [] }).sounds;
      const oscillator = AudioContext.prototype.createOscillator;
      AudioContext.prototype.createOscillator = function (this: AudioContext) {
        sounds.push(this.currentTime);
        return oscillator.call(this);
      };
      Object.assign(window, { Notification: Shown });
    });
    await tab.visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    const pressed = (name: string) => tab.page.getByRole("button", { name, pressed: true }).count();
    expect([await pressed("Sound"), await pressed("Notification")]).toEqual([0, 0]);
    await tab.page.getByRole("button", { name: "Sound" }).click();
    await tab.page.getByRole("button", { name: "Notification" }).click();
    await expect.poll(async () => [await pressed("Sound"), await pressed("Notification")]).toEqual([1, 1]);
    const sounds = () => tab.page.evaluate(() => (window as unknown as { sounds: number[] }).sounds.length);
    const before = await sounds();
    await setHidden(tab, true);
    tab.push(turn);
    await expect
      .poll(() => tab.page.evaluate(() => (window as unknown as { shown: string[] }).shown))
      .toEqual(["It’s your turn"]);
    expect(before, "a sound to try it").toBeGreaterThan(0);
    expect(await sounds(), "and one for the turn").toBeGreaterThan(before);
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  it("is claimed by the button when claiming by itself failed", async () => {
    let tries = 0;
    const tab = await Tab.open(
      held.browser,
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
    const tab = await Tab.open(held.browser, server({ "POST /places/me/admission": { status: 410, body: {} } }));
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
    const tab = await Tab.open(held.browser, server({ "POST /places/me/admission": () => (++tries < 3 ? full : admission) }));
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
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/admission": early }))).visit();
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
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/deferral": { body: put }, "POST /places/me/admission": admission }))).visit();
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
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/admission": admission }))).visit();
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
    const tab = await (await Tab.open(held.browser, server({ "POST /places": called, "POST /places/me/admission": admission }))).visit();
    await tab.page.waitForURL("**/events/1*");
    await tab.close();
  });

  it("says so when the server refuses", async () => {
    const spent = { status: 409, body: { place: place(turn) } };
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/deferral": spent }))).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    tab.push(choice);
    await tab.page.locator("#later").click();
    await expect.poll(() => tab.page.locator("#later").isVisible()).toBe(false);
    expect(await tab.view()).toBe("called");
    await tab.close();
  });
});

describe("a mail on one's turn", () => {
  const dialog = (tab: Tab) => tab.page.getByRole("dialog");

  it("is asked for once, said to be kept, remembered over a reload, and taken back", async () => {
    const tab = await Tab.open(held.browser, server({ "POST /places/me/mail": { status: 204 }, "DELETE /places/me/mail": { status: 204 } }));
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
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/mail": { status: 422, body: {} } }))).visit();
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
