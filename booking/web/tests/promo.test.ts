import { beforeEach, describe, expect, it, vi } from "vitest";
import { applyPromo, priceBefore, removePromo, wasPromoUsed } from "../src/payments/promo";

let answer: [status: number, body: unknown] = [500, {}];

beforeEach(() => {
  const values = new Map<string, string>();
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  });
  vi.stubGlobal("fetch", () => {
    const [status, body] = answer;
    return Promise.resolve(new Response(body === null ? null : JSON.stringify(body), { status }));
  });
});

describe("a promo code", () => {
  it("is remembered with its hold until it is taken off", async () => {
    expect(wasPromoUsed("h1")).toBe(false);
    answer = [200, { code: "FANS", discount_minor: 500, hold: {} }];
    await applyPromo("h1", "fans");
    expect([wasPromoUsed("h1"), wasPromoUsed("h2")]).toEqual([true, false]);
    answer = [204, null];
    await removePromo("h1");
    expect(wasPromoUsed("h1")).toBe(false);
  });

  it("that is refused is not remembered", async () => {
    answer = [422, { type: "https://rushline.dev/problems/promo-invalid" }];
    await expect(applyPromo("h1", "fans")).rejects.toMatchObject({ slug: "promo-invalid" });
    expect(wasPromoUsed("h1")).toBe(false);
  });

  it("that is off already may be taken off, and stays where the server says no", async () => {
    answer = [200, { code: "FANS", discount_minor: 500, hold: {} }];
    await applyPromo("h1", "fans");
    answer = [409, { type: "https://rushline.dev/problems/wrong-state" }];
    await expect(removePromo("h1")).rejects.toMatchObject({ slug: "wrong-state" });
    expect(wasPromoUsed("h1")).toBe(true);
    answer = [404, { type: "https://rushline.dev/problems/not-found" }];
    await removePromo("h1");
    expect(wasPromoUsed("h1")).toBe(false);
  });

  it("leaves the price before it to be told", () => expect(priceBefore(4500, { discount_minor: 500 })).toBe(5000));
});
