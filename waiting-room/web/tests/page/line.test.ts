import { describe, expect, it } from "vitest";
import { at, place, Tab } from "./stage";
import { eventually, server, useBrowser } from "./visit";

const held = useBrowser();

describe("the line", () => {
  it("moves with each frame, and the bar never goes back", async () => {
    const tab = await (await Tab.open(held.browser, server())).visit();
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
    const tab = await (await Tab.open(held.browser, server())).visit();
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
    const tab = await (await Tab.open(held.browser, server())).visit();
    await tab.page.locator("#language").selectOption("ar");
    await expect.poll(() => tab.page.locator("html").getAttribute("dir")).toBe("rtl");
    expect(await tab.text("title")).toBe("أنت في الطابور");
    await tab.page.reload();
    await expect.poll(() => tab.text("title")).toBe("أنت في الطابور");
    await tab.close();
  });

  it("takes the language chosen along to the server's own pages", async () => {
    const tab = await Tab.open(held.browser, server());
    tab.filled["house"] = '<p><a href="/queue/rock-night/report" data-t="report">Report of the line</a></p>';
    await tab.visit();
    await tab.page.locator("#language").selectOption("ar");
    const link = tab.page.getByRole("link", { name: "تقرير الطابور" });
    await expect.poll(() => link.getAttribute("href")).toMatch(/^(http:\/\/localhost:9)?\/queue\/rock-night\/report\?lang=ar$/);
    await tab.close();
  });

  it("is left only after a second thought", async () => {
    const tab = await (await Tab.open(held.browser, server())).visit();
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

describe("for everybody", () => {
  /** Presses Tab until the focus is on this element; every stop on the way must be seen. */
  async function reach(tab: Tab, id: string): Promise<void> {
    const on = () =>
      tab.page.evaluate(() => {
        const { id, tagName } = document.activeElement!;
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement!);
        return { id, tagName, seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
      });
    for (let presses = 0; presses < 20; presses++) {
      await tab.page.keyboard.press("Tab");
      const focus = await on();
      if (focus.tagName !== "BODY") expect(focus, "the focus is in sight").toMatchObject({ seen: true });
      if (focus.id === id) return;
    }
    throw new Error(`the focus never comes to ${id}`);
  }

  it("works with the keyboard alone, the focus always in sight", async () => {
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/mail": { status: 204 } }))).visit();
    await expect.poll(tab.view).toBe("waiting");
    const dialog = tab.page.getByRole("dialog");
    await reach(tab, "language");
    await tab.page.keyboard.type("Deu");
    await expect.poll(() => tab.page.locator("html").getAttribute("lang")).toBe("de");
    await reach(tab, "mail");
    await tab.page.keyboard.press("Enter");
    await tab.page.keyboard.type("fan@example.org");
    await tab.page.keyboard.press("Enter");
    await expect.poll(() => dialog.count()).toBe(0);
    expect(await tab.page.evaluate(() => document.activeElement?.id), "the focus comes back").toBe("mail");
    await reach(tab, "leave");
    await tab.page.keyboard.press("Enter");
    await expect.poll(() => dialog.isVisible()).toBe(true);
    await tab.page.keyboard.press("Escape");
    expect(await dialog.count()).toBe(0);
    expect(await tab.page.evaluate(() => document.activeElement?.id), "the focus comes back").toBe("leave");
    await tab.page.keyboard.press("Enter");
    await tab.page.keyboard.press("Tab");
    await tab.page.keyboard.press("Enter");
    await expect.poll(tab.view).toBe("left");
    expect(tab.asked).toContain("DELETE /places/me");
    await reach(tab, "action");
    await tab.page.keyboard.press("Enter");
    await expect.poll(tab.view).toBe("waiting");
    await tab.close();
  });

  it("tells a screen reader news at once, figures at most every thirty seconds, and the turn as an alert", async () => {
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/admission": { status: 503, body: {} } }))).visit();
    await expect.poll(() => tab.sockets.length).toBe(1);
    const said = () => tab.page.getByRole("status").textContent();
    await expect.poll(said).toContain("1,234");
    for (const position of [900, 800, 700]) {
      tab.push({ position });
      await expect.poll(() => tab.text("position")).toBe(String(position));
      expect(await said(), "not each figure").toContain("1,234");
      await tab.page.clock.runFor(5_000);
    }
    await tab.page.clock.runFor(16_000);
    tab.push({ position: 600 });
    await expect.poll(said, { message: "the latest, once thirty seconds have passed" }).toMatch(/line: (700|600)/);
    tab.push({ position: 599, paused: true, room_state: "paused" });
    await expect.poll(said, { message: "a pause is no figure" }).toMatch(/paused.*599/i);
    const alert = tab.page.locator("#urgent[role=alert]");
    expect(await alert.textContent()).toBe("");
    tab.push({ state: "called", position: 0, ahead: 0, claim_by: at(120) });
    await expect.poll(() => alert.textContent()).not.toBe("");
    await tab.close();
  });

  it("keeps still where motion is unwanted, and moves where it is not", async () => {
    /** Whether the picture of the line changes by itself. */
    async function moves(reducedMotion: "reduce" | "no-preference"): Promise<[boolean, string]> {
      const tab = await (await Tab.open(held.browser, server(), { reducedMotion })).visit();
      await expect.poll(() => tab.text("position")).toBe("1,234");
      tab.push({ position: 617 });
      await expect.poll(() => tab.text("position")).toBe("617");
      const picture = () => tab.page.evaluate(() => document.querySelector("canvas")!.toDataURL());
      const before = await picture();
      await tab.page.clock.runFor(1_000);
      const bar = await tab.page.locator("#bar i").evaluate((bar) => getComputedStyle(bar).transitionDuration);
      const moved = (await picture()) !== before;
      await tab.close();
      return [moved, bar];
    }
    const [moved, slides] = await moves("no-preference");
    expect([moved, parseFloat(slides) > 0]).toEqual([true, true]);
    expect(await moves("reduce")).toEqual([false, "0s"]);
  });
});

describe("the way news comes", () => {
  it("is taken up again after the socket breaks", async () => {
    const tab = await (await Tab.open(held.browser, server())).visit();
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
    const tab = await Tab.open(held.browser, server(), {}, false);
    await tab.page.route("**/stream", (route) => route.fulfill({ body: frame, contentType: "text/event-stream" }));
    await tab.visit();
    await eventually(tab, () => tab.text("position")).toBe("55");
    await tab.close();
  });

  it("is polling where both are blocked, no faster than asked", async () => {
    let polls = 0;
    const tab = await Tab.open(
      held.browser,
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
      held.browser,
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
    const tab = await Tab.open(held.browser, server({ "GET /places/me": { status: 401 } }), {}, false);
    await tab.visit();
    await eventually(tab, tab.view).toBe("cookies");
    expect(tab.asked.filter((call) => call === "POST /places")).toHaveLength(2);
    await tab.close();
  });
});

describe("without a network", () => {
  it("says whose fault it is, keeps the last figures, and goes on by itself", async () => {
    const tab = await (await Tab.open(held.browser, server())).visit();
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
    const tab = await Tab.open(held.browser, server(), { locale: "de-DE" });
    await tab.page.route("**/queue/_/de-*", (route) => route.abort());
    await tab.visit();
    await expect.poll(() => tab.text("title")).toBe("You’re in line");
    expect(await tab.page.locator("html").getAttribute("lang")).toBe("en");
    await tab.close();
  });
});
