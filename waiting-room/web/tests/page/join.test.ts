import { describe, expect, it } from "vitest";
import { at, room, type Script, Tab } from "./stage";
import { eventually, joined, server, useBrowser } from "./visit";

const held = useBrowser();

describe("the way in", () => {
  it("opens by itself when the sale does", async () => {
    let state: "scheduled" | "open" = "scheduled";
    const tab = await Tab.open(held.browser, server({ GET: () => ({ body: room({ state, opens_at: at(20), retry_after_s: 60 }) }) }));
    await tab.visit();
    await expect.poll(tab.view).toBe("scheduled");
    expect(tab.asked).toEqual(["GET"]);
    state = "open";
    await eventually(tab, tab.view).toBe("waiting");
    await tab.close();
  });

  it("is tried again when the server can't be reached", async () => {
    const tab = await Tab.open(held.browser, server({ GET: "dead" }));
    await tab.visit();
    await expect.poll(() => tab.text("note")).toBe("No connection. We keep trying.");
    await eventually(tab, () => tab.asked.length).toBeGreaterThan(2);
    await tab.close();
  });

  it("is refused in the server's words", async () => {
    const tab = await Tab.open(held.browser, server({ "POST /places": { status: 409, body: { detail: "Nobody can join any more." } } }));
    await tab.visit();
    await expect.poll(() => tab.text("text")).toBe("Nobody can join any more.");
    await tab.page.clock.runFor(60_000);
    expect(tab.asked).toEqual(["GET", "POST /places"]);
    await tab.close();
  });

  it("is not offered without cookies", async () => {
    const tab = await Tab.open(held.browser, server());
    await tab.page.addInitScript(() => Object.defineProperty(navigator, "cookieEnabled", { value: false }));
    await tab.visit();
    await expect.poll(tab.view).toBe("cookies");
    expect(tab.asked).toEqual([]);
    await tab.close();
  });

  it("is not asked for at an address that names no room", async () => {
    const tab = await (await Tab.open(held.browser, server())).visit("/queue/");
    await expect.poll(tab.view).toBe("unknown");
    expect(tab.asked).toEqual([]);
    await tab.close();
  });

  it("tells visitors without JavaScript what happens", async () => {
    const tab = await Tab.open(held.browser, server(), { javaScriptEnabled: false });
    await tab.page.goto("http://localhost:9/queue/rock-night", { waitUntil: "commit" }).catch(() => {});
    await expect.poll(() => tab.page.locator("main").innerText()).toContain("refreshes itself every 20 seconds");
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
    const tab = await (await Tab.open(held.browser, server({ GET: { body: locked }, "GET /places/me": { status: 401 } }))).visit();
    await expect.poll(tab.view).toBe("account");
    expect(tab.asked).not.toContain("POST /places");
    await tab.page.getByRole("button", { name: "Log in" }).click();
    await tab.page.waitForURL("http://localhost:9/line/rock-night");
    await tab.close();
  });

  it("sends what the shop has handed over, and shows it nowhere", async () => {
    const tab = await Tab.open(held.browser, server({ GET: { body: locked } }));
    const sent = sends(tab);
    await tab.visit("/queue/rock-night#account=a.b.c");
    await expect.poll(tab.view).toBe("waiting");
    expect(sent).toEqual([{ account_token: "a.b.c" }]);
    expect(tab.page.url()).toBe("http://localhost:9/queue/rock-night");
    await tab.close();
  });

  it("keeps the account to itself where the room does not ask for it", async () => {
    const tab = await Tab.open(held.browser, server());
    const sent = sends(tab);
    await tab.visit("/queue/rock-night#account=a.b.c");
    await expect.poll(tab.view).toBe("waiting");
    expect(sent).toEqual([{}]);
    await tab.close();
  });

  it("asks the shop again where the account's token has ended while the page waited for the opening", async () => {
    let state: "scheduled" | "open" = "scheduled";
    const tab = await Tab.open(held.browser, server({
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
    const tab = await Tab.open(held.browser, server({ GET: { body: locked }, "GET /places/me": { status: 401 } }));
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
    const tab = await Tab.open(held.browser, server({ GET: { body: locked }, "POST /places": taken }));
    await tab.visit("/queue/rock-night#account=a.b.c");
    await expect.poll(tab.view).toBe("taken");
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
    const tab = await Tab.open(held.browser, costly(8));
    const sent: unknown[] = [];
    tab.page.on("request", (request) => request.method() === "POST" && sent.push(request.postDataJSON()));
    await tab.visit();
    await expect.poll(tab.view).toBe("waiting");
    expect(sent).toEqual([{}, { proof: { challenge: "of the room", nonce: expect.any(Number) } }]);
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  it("is paid by waiting where somebody prefers that", async () => {
    const tab = await Tab.open(held.browser, costly(32));
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
    const tab = await Tab.open(held.browser, server({
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
