import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { login } from "../src/users/api";
import { signIn, signOutHere } from "../src/users/session";
import { disableTotp, grouped } from "../src/users/totp";

const user = {
  id: "u",
  name: "Olive",
  email: "o@example.org",
  email_verified: true,
  is_guest: false,
  created_at: "2026-01-01T00:00:00Z",
  user_type: "organizer" as const,
};
const signedIn = { token: "t", refresh_token: "", expires_in: 900, user };

let sent: { address: string; body: unknown }[] = [];
let answer: [status: number, body: unknown] = [500, {}];

beforeEach(() => {
  sent = [];
  vi.stubGlobal("navigator", {});
  const memory = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  vi.stubGlobal("localStorage", memory);
  vi.stubGlobal("sessionStorage", memory);
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    sent.push({ address, body: JSON.parse(String(init.body)) });
    return Promise.resolve(new Response(JSON.stringify(answer[1]), { status: answer[0] }));
  });
});

afterEach(() => {
  signOutHere();
  vi.unstubAllGlobals();
});

describe("a second factor", () => {
  it("is sent with the login only where a code was typed, without the spaces it was typed with", async () => {
    answer = [200, signedIn];
    await login("o@example.org", "secret", "");
    await login("o@example.org", "secret", "123 456");
    expect(sent.map(({ body }) => body)).toEqual([
      { email: "o@example.org", password: "secret" },
      { email: "o@example.org", password: "secret", code: "123456" },
    ]);
  });

  it("takes a wrong code as the answer: a try is never made twice", async () => {
    signIn(signedIn);
    answer = [401, { type: "https://rushline.dev/problems/totp-wrong" }];
    await expect(disableTotp("000 000")).rejects.toMatchObject({ slug: "totp-wrong" });
    expect(sent.map(({ address }) => address)).toEqual(["/api/v1/users/me/totp/disable"]);
  });

  it("shows its key in groups", () => expect(grouped("ABCDEFGHIJ")).toBe("ABCD EFGH IJ"));
});
