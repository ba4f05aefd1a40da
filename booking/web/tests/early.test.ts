import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { addressesOf, type EarlyPage, pageOf } from "../src/early/page";
import { eventQuery, sessionQuery, upcomingQuery } from "../src/events/api";
import { groundOf, posterOf } from "../src/events/poster";
import { featuredOf } from "../src/events/sale";
import { seatsQuery } from "../src/seats/api";
import type { EventCard } from "../src/api/types";

/** What each page asks for when it starts. */
const asked: Record<EarlyPage["name"], ((client: QueryClient) => Promise<unknown>)[]> = {
  home: [(client) => client.fetchQuery(upcomingQuery())],
  event: [(client) => client.fetchQuery(eventQuery(5))],
  session: [(client) => client.fetchQuery(sessionQuery(5)), (client) => client.fetchQuery(seatsQuery(5))],
};

let addresses: string[] = [];

beforeEach(() => {
  addresses = [];
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("fetch", (address: string) => {
    addresses.push(address);
    return Promise.resolve(new Response("[]"));
  });
});

describe("what is asked for before the pages' scripts", () => {
  it.each([
    ["/", "home"],
    ["/events/5", "event"],
    ["/sessions/5", "session"],
  ])("is letter by letter what the page at %s asks for", async (path, name) => {
    const page = pageOf(path)!;
    expect(page.name).toBe(name);
    for (const ask of asked[page.name]) await ask(new QueryClient());
    expect(addressesOf(page)).toEqual(addresses);
  });

  it.each(["/events", "/events/5/x", "/events/abc", "/organise/events/5", "/login"])("is nothing at %s", (path) => {
    expect(pageOf(path)).toBeNull();
  });
});

describe("the head before the page", () => {
  it("has the poster's own ground", () => {
    for (let id = 1; id < 40; id++) {
      const event = { id, name: `Event ${id}`, category: "concert" };
      const { ground, dark } = posterOf(event);
      expect(groundOf(event)).toMatchObject({ ground, dark });
    }
  });

  it("names the event with a line first, else the soonest on sale, else the soonest", () => {
    const card = (id: number, over: Partial<EventCard> = {}): EventCard =>
      ({
        id,
        status: "published",
        event_date: "2099-01-01T00:00:00Z",
        remaining_tickets: 50,
        total_tickets: 100,
        room: null,
        ...over,
      }) as EventCard;
    const gone = card(1, { remaining_tickets: 0 });
    expect(featuredOf([gone, card(2), card(3, { room: "r" })], 0)?.id).toBe(3);
    expect(featuredOf([gone, card(2)], 0)?.id).toBe(2);
    expect(featuredOf([gone], 0)?.id).toBe(1);
    expect(featuredOf([], 0)).toBeNull();
  });
});
