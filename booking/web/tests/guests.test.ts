import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isBuying, openGuestLink, readGuestLink } from "../src/users/guests";
import { currentAccount, signIn, signOutHere } from "../src/users/session";

const user = (name: string) => ({
  id: name,
  name,
  email: "a@example.org",
  email_verified: true,
  is_guest: false,
  created_at: "2026-01-01T00:00:00Z",
  user_type: "guest" as const,
});
const login = (name: string) => ({ token: `token of ${name}`, refresh_token: "", expires_in: 900, user: user(name) });
const link = { token: "secret", booking: "b1" };

let calls: string[] = [];
let answers: Record<string, [status: number, body: unknown]> = {};

beforeEach(() => {
  calls = [];
  vi.stubGlobal("navigator", {});
  const memory = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  vi.stubGlobal("localStorage", memory);
  vi.stubGlobal("sessionStorage", memory);
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    calls.push(`${init.method} ${address}`);
    const [status, body] = answers[address] ?? [500, {}];
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  signOutHere();
});

afterEach(() => {
  signOutHere();
  vi.unstubAllGlobals();
});

describe("the link of a guest's mail", () => {
  it.each([
    ["#token=abc&booking=b1", { token: "abc", booking: "b1" }],
    ["#token=abc", { token: "abc", booking: null }],
    ["#token=&booking=b1", null],
    ["#booking=b1", null],
    ["", null],
  ])("%j says %o", (fragment, said) => expect(readGuestLink(fragment)).toEqual(said));

  it("signs a stranger in", async () => {
    answers = { "/api/v1/users/magic-link": [200, login("Greta")] };
    expect(await openGuestLink(link, false)).toBe("open");
    expect(currentAccount().user?.name).toBe("Greta");
  });

  it("is not needed by a login that shows the booking anyway", async () => {
    signIn(login("Greta"));
    answers = { "/api/v1/bookings/b1": [200, { id: "b1" }] };
    expect(await openGuestLink(link, false)).toBe("open");
    expect(calls).toEqual(["GET /api/v1/bookings/b1"]);
  });

  it("asks before it ends another login, which stays when the link is over", async () => {
    signIn(login("Alice"));
    answers = {
      "/api/v1/bookings/b1": [404, { type: "https://rushline.dev/problems/not-found" }],
      "/api/v1/users/magic-link": [410, { type: "https://rushline.dev/problems/link-expired" }],
    };
    expect(await openGuestLink(link, false)).toBe("ask");
    await expect(openGuestLink(link, true)).rejects.toMatchObject({ slug: "link-expired" });
    expect(currentAccount().user?.name).toBe("Alice");
    answers["/api/v1/users/magic-link"] = [200, login("Greta")];
    expect(await openGuestLink(link, true)).toBe("open");
    expect(currentAccount().user?.name).toBe("Greta");
  });
});

it.each([
  ["/sessions/4", true],
  ["/line/finals", true],
  ["/events/7", true],
  ["/organise/events/7", false],
  ["/account", false],
  [undefined, false],
])("whoever is on the way to %s buys: %s", (next, buys) => expect(isBuying(next)).toBe(buys));
