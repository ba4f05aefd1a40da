import { describe, expect, it } from "vitest";
import { at, place, Tab } from "./stage";
import { server, useBrowser } from "./visit";

const held = useBrowser();

describe("a place on another device", () => {
  const code = {
    status: 201,
    body: { url: "http://localhost:9/queue/rock-night#move=a.b.c", qr: "data:image/svg+xml;base64,PHN2Zy8+", expires_at: at(120) },
  };

  const gone = place({ state: "moved", position: 0, ahead: 0 });

  it("is offered as a code, and given up honestly once it is taken", async () => {
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/handover": code, "GET /places/me": { body: gone } }))).visit();
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
    const tab = await (await Tab.open(held.browser, server({ "POST /places/me/handover": code }))).visit();
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
    const tab = await (await Tab.open(held.browser, server(taken))).visit("/queue/rock-night#move=a.b.c");
    await expect.poll(() => tab.asked).toContain("POST /handovers");
    await expect.poll(tab.view).toBe("waiting");
    expect(tab.page.url()).toBe("http://localhost:9/queue/rock-night");
    expect(tab.asked).not.toContain("POST /places");
    await tab.close();
  });

  it("is not taken over twice, and joining here is a choice", async () => {
    const over = { status: 410, body: { type: "https://rushline.dev/problems/handover-over" } };
    const tab = await (await Tab.open(held.browser, server({ "POST /handovers": over }))).visit("/queue/rock-night#move=a.b.c");
    await expect.poll(tab.view).toBe("stale");
    expect(tab.asked).not.toContain("POST /places");
    await tab.page.locator("#action").click();
    await expect.poll(tab.view).toBe("waiting");
    await tab.close();
  });
});
