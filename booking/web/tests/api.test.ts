import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { goToLine } from "../src/admission/line";
import { addressOf } from "../src/api/address";
import { nextCursor, request } from "../src/api/client";
import { Problem, problemFrom } from "../src/api/problem";
import { changeEvent, guardEvent } from "../src/organise/api";
import { accessToken, signIn, signOutHere } from "../src/users/session";

class Memory {
  private values = new Map<string, string>();
  getItem = (key: string) => this.values.get(key) ?? null;
  setItem = (key: string, value: string) => void this.values.set(key, value);
  removeItem = (key: string) => void this.values.delete(key);
}

const user = {
  id: "u",
  name: "Alice",
  email: "a@example.org",
  email_verified: true,
  is_guest: false,
  created_at: "2026-01-01T00:00:00Z",
  user_type: "guest" as const,
};
const holds = "/api/v1/sessions/{session}/holds";
const hold = { path: { session: 1 }, body: { quantity: 1 } };
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const refusal = (status: number, slug: string) =>
  json(status, {
    type: `https://rushline.dev/problems/${slug}`,
    title: "No",
    detail: "Not so.",
  });

let calls: { address: string; headers: Headers }[] = [];
let answers: (() => Response | Promise<Response>)[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("localStorage", new Memory());
  vi.stubGlobal("sessionStorage", new Memory());
  calls = [];
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    calls.push({ address, headers: new Headers(init.headers) });
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`unexpected call to ${address}`);
    return answer();
  });
});

afterEach(() => {
  signOutHere();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  expect(answers).toEqual([]);
});

const lost = () => {
  throw new TypeError("network");
};

describe("requests", () => {
  it("name the version of what they change, or any", async () => {
    answers = [() => json(200, {}), () => json(200, {})];
    await changeEvent(1, { category: "concert" }, '"7-a"');
    await guardEvent(1, "rock-night");
    expect(calls.map(({ headers }) => headers.get("If-Match"))).toEqual(['"7-a"', "*"]);
  });

  it("build addresses with escaped parts and without empty values", () => {
    expect(addressOf("/api/v1/tickets/{code}", { path: { code: "TCK/1?" } })).toBe("/api/v1/tickets/TCK%2F1%3F");
    expect(
      addressOf("/e", {
        query: { q: "", a: null, b: undefined, c: 0, d: false },
      }),
    ).toBe("/e?c=0&d=false");
  });

  it("read the next cursor of a list", () => {
    expect(nextCursor('</api/v1/events?limit=2&cursor=abc%3D>; rel="next"')).toBe("abc=");
    expect(nextCursor('</x?cursor=1>; rel="prev", </x?cursor=2>; rel="next"')).toBe("2");
    expect(nextCursor(null)).toBeNull();
  });

  it("repeat a write with a key over a broken network, with the same key", async () => {
    answers = [lost, () => json(201, { id: "h" })];
    const done = request("POST", holds, { ...hold, idempotencyKey: "k1" });
    await vi.runAllTimersAsync();
    expect(await done).toEqual({ id: "h" });
    expect(calls.map((call) => call.headers.get("Idempotency-Key"))).toEqual(["k1", "k1"]);
  });

  it("never repeat a write without a key, nor a refusal", async () => {
    answers = [lost];
    await expect(request("POST", holds, hold)).rejects.toMatchObject({
      slug: "offline",
    });
    answers = [() => refusal(409, "seat-taken")];
    await expect(request("POST", holds, { ...hold, idempotencyKey: "k" })).rejects.toMatchObject({
      slug: "seat-taken",
    });
    expect(calls).toHaveLength(2);
  });

  it("send the admission token of the room, and of no other", async () => {
    sessionStorage.setItem("rushline.admission.hot", "token");
    answers = [() => json(200, {}), () => json(200, {})];
    await request("POST", holds, { ...hold, room: "hot" });
    await request("POST", holds, { ...hold, room: "other" });
    expect(calls.map((call) => call.headers.get("Admission-Token"))).toEqual(["token", null]);
  });
});

describe("the access token", () => {
  beforeEach(() => signIn({ token: "old", refresh_token: "r", expires_in: 900, user }));

  it("is renewed once when it is stale, and the call repeated", async () => {
    answers = [
      () => refusal(401, "token-expired"),
      () => json(200, { token: "new", refresh_token: "r2", expires_in: 900, user }),
      () => json(200, { ok: true }),
    ];
    expect(await request("GET", "/api/v1/bookings")).toEqual({ ok: true });
    expect(calls.map((call) => call.headers.get("Authorization"))).toEqual(["Bearer old", null, "Bearer new"]);
  });

  it("is renewed once for calls that fail together", async () => {
    answers = [
      () => refusal(401, "token-expired"),
      () => refusal(401, "token-expired"),
      () => json(200, { token: "new", refresh_token: "r2", expires_in: 900, user }),
      () => json(200, 1),
      () => json(200, 2),
    ];
    await Promise.all([request("GET", "/api/v1/bookings"), request("GET", "/api/v1/users/me")]);
    expect(calls.filter((call) => call.address.endsWith("/refresh"))).toHaveLength(1);
  });

  it("is given up when the session has ended", async () => {
    answers = [() => refusal(401, "token-expired"), () => refusal(401, "invalid-token")];
    await expect(request("GET", "/api/v1/bookings")).rejects.toBeInstanceOf(Problem);
    expect(accessToken()).toBeNull();
  });

  it("has nothing to do with an admission that ended", async () => {
    answers = [() => refusal(401, "admission-expired")];
    await expect(request("POST", holds, { ...hold, room: "hot" })).rejects.toMatchObject({
      slug: "admission-expired",
    });
    expect(accessToken()).toBe("old");
  });
});

describe("problems", () => {
  it("name fields, ids and the time to wait", () => {
    const body = {
      type: "x/invalid",
      title: "T",
      detail: "D",
      errors: [{ pointer: "/email", detail: "Taken" }],
      taken: [1, 2, "3"],
    };
    const problem = problemFrom(422, body, "7");
    expect(problem).toMatchObject({
      slug: "invalid",
      fields: { email: "Taken" },
      retryAfterSeconds: 7,
    });
    expect(problem.ids("taken")).toEqual([1, 2]);
    expect(problem.ids("alternatives")).toEqual([]);
  });

  it("make sense of answers that aren't problem documents", () => {
    expect(problemFrom(502, "<html>", null)).toMatchObject({
      slug: "http-502",
      title: "Our side is having trouble",
    });
  });
});

describe("the way to the line", () => {
  const token = (exp: number) => `h.${btoa(JSON.stringify({ exp }))}.s`;
  const visit = async (): Promise<string[]> => {
    const visited: string[] = [];
    await goToLine("hot", (address) => visited.push(address));
    return visited;
  };
  const inAnHour = token(Date.now() / 1000 + 3_600);

  it("takes the account along, out of the server's sight, only where the line asks for it", async () => {
    signIn({ token: inAnHour, refresh_token: "r", expires_in: 900, user });
    answers = [() => json(200, { one_per_account: true }), () => json(200, { one_per_account: false })];
    expect(await visit()).toEqual([`/queue/hot#account=${inAnHour}`]);
    expect(await visit()).toEqual(["/queue/hot"]);
  });

  it("takes a fresh token", async () => {
    signIn({ token: token(Date.now() / 1000 + 30), refresh_token: "r", expires_in: 900, user });
    answers = [
      () => json(200, { one_per_account: true }),
      () => json(200, { token: inAnHour, refresh_token: "r2", expires_in: 900, user }),
    ];
    expect(await visit()).toEqual([`/queue/hot#account=${inAnHour}`]);
  });

  it("is open when the line can't be asked, and to guests", async () => {
    answers = [() => refusal(503, "unavailable"), () => json(200, { one_per_account: true })];
    expect([await visit(), await visit()]).toEqual([["/queue/hot"], ["/queue/hot"]]);
  });
});
