import { type APIRequestContext, type APIResponse, expect, request } from "@playwright/test";
import type { Mapping } from "../../../booking/web/src/api/types";
import { readPicture } from "./paper";
import { admin } from "./server";

/** The place document's fields that the tests read. */
export interface Place {
  state: string;
  number: number;
  position: number;
}

/** An event behind a room. */
export interface Show {
  event: number;
  session: number;
  name: string;
  room: string;
}

/** An event that anybody may buy for. */
export type Sale = Omit<Show, "room">;

/** How many rows of how many seats a hall has. */
export interface Hall {
  rows: number;
  columns: number;
}

interface Section extends Hall {
  name: string;
}

const smallHall: Hall = { rows: 4, columns: 8 };
const stalls: Section = { name: "Stalls", ...smallHall };

/** An event without a room, and tickets sold to it. */
export interface Door {
  event: number;
  session: number;
  name: string;
  /** Whom the tickets were sold to. */
  holder: string;
  tickets: { code: string; qr: string }[];
}

export interface Account {
  email: string;
  password: string;
}

/** Prepares a sale over the API, as its organiser would. */
export class Stage {
  private constructor(
    private readonly url: string,
    private readonly api: APIRequestContext,
  ) {}

  static async open(url: string, operator = admin): Promise<Stage> {
    const guest = await request.newContext({ baseURL: url });
    const { token } = await read<{ token: string }>(await guest.post("/api/v1/users/login", { data: operator }));
    await guest.dispose();
    const extraHTTPHeaders = { Authorization: `Bearer ${token}` };
    return new Stage(url, await request.newContext({ baseURL: url, extraHTTPHeaders }));
  }

  /** A seated event of four rows of eight behind an open room. */
  async show(name = "Velvet Static"): Promise<Show> {
    const room = "velvet-static";
    const { event, session } = await this.#event(name, room);
    const show = { event, session, name, room };
    await read(
      await this.api.put(`/api/v1/admin/rooms/${room}`, {
        data: {
          name,
          event: String(show.event),
          rate_per_minute: 600,
          cap: 20,
          claim_window_s: 60,
          session_length_s: 600,
          booking_url: `/sessions/${show.session}`,
        },
      }),
    );
    await this.steer(room, "open");
    return show;
  }

  /** A seated event that anybody may buy for. */
  async sale(name = "Paper Lanterns", hall = smallHall): Promise<Sale> {
    return { ...(await this.#event(name, null, { name: "Stalls", ...hall })), name };
  }

  /** An event on a plan made of a drawing; its seats cost the same in each of the mapping's categories, or in those named. */
  async drawn(svg: string, mapping: Mapping, name = "Paper Moons", sold = (mapping.categories ?? []).map((each) => each.name)): Promise<Sale> {
    const venue = await this.#post<{ id: number }>("/api/v1/venues", { name: "The Orrery", address: "2 Wick Street", time_zone: "Europe/Berlin" });
    const layout = await this.#post<{ id: number }>(`/api/v1/venues/${venue.id}/layouts/svg`, { name: "Drawn", svg, mapping });
    const types = sold.map((each) => ({ name: each, price_minor: 5000, categories: [each] }));
    const starts_at = "2099-06-01T18:00:00Z";
    const made = await this.#post<{ id: number; sessions: { id: number }[] }>("/api/v1/events", {
      name,
      description: "One night only.",
      event_date: starts_at,
      category: "concert",
      venue_id: venue.id,
      sessions: [{ starts_at, layout_id: layout.id, ticket_types: types }],
    });
    return { event: made.id, session: made.sessions[0]!.id, name };
  }

  /** The session of an event in a stadium of several equal blocks. */
  async stadium(blocks: number, block: Hall): Promise<number> {
    const names = Array.from({ length: blocks }, (_, at) => `Block ${at + 1}`);
    return (await this.#event("Stadium", null, ...names.map((name) => ({ name, ...block })))).session;
  }

  /** The first session without seat numbers that the demo has. */
  async standing(): Promise<number> {
    const events = await read<{ id: number }[]>(await this.api.get("/api/v1/events?sort=date&limit=50"));
    for (const { id } of events) {
      const { sessions } = await read<{ sessions: { id: number; seated: boolean }[] }>(await this.api.get(`/api/v1/events/${id}`));
      const found = sessions.find((session) => !session.seated);
      if (found) return found.id;
    }
    throw new Error("the demo has no session without seat numbers");
  }

  /** A seated event that anybody may buy for, and `quantity` tickets sold to it. */
  async door(quantity: number, name = "Paper Lanterns"): Promise<Door> {
    const { event, session } = await this.#event(name, null);
    const holder = "Alice";
    const tickets = await this.buy(await this.shopper(holder), event, quantity);
    const sold = [];
    for (const { ticket_code: code } of tickets) sold.push({ code, qr: readPicture(await this.picture(code))[0]! });
    return { event, session, name, holder, tickets: sold };
  }

  /** A ticket's QR code as PNG. */
  picture = async (code: string): Promise<Buffer> => (await this.api.get(`/api/v1/tickets/${code}.png`)).body();

  /** How full a performance is, as its gates are told. */
  counts = async (session: number): Promise<{ checked_in: number; conflicts: { ticket_code: string; gate: string }[] }> =>
    read(await this.api.get(`/api/v1/sessions/${session}/checkins`));

  async #signedIn(account: Account): Promise<APIRequestContext> {
    const guest = await this.guest();
    const { token } = await read<{ token: string }>(await guest.post("/api/v1/users/login", { data: account }));
    await guest.dispose();
    return request.newContext({ baseURL: this.url, extraHTTPHeaders: { Authorization: `Bearer ${token}` } });
  }

  /** A published event, of four rows of eight unless its hall says otherwise. */
  async #event(name: string, room: string | null, ...sections: Section[]): Promise<{ event: number; session: number }> {
    const venue = await this.#post<{ id: number }>("/api/v1/venues", {
      name: "The Lantern",
      // A venue is known by name and address, and a test may set up several sales.
      address: `1 Wick Street, ${name}`,
      time_zone: "Europe/Berlin",
    });
    const layout = await this.#post<{ id: number }>(`/api/v1/venues/${venue.id}/layouts`, {
      name: "Hall",
      sections: sections.length > 0 ? sections : [stalls],
    });
    const made = await this.#post<{ id: number }>("/api/v1/events", {
      name,
      description: "One night only.",
      event_date: "2099-06-01T18:00:00Z",
      category: "concert",
      venue_id: venue.id,
      room,
      sessions: [
        {
          starts_at: "2099-06-01T18:00:00Z",
          layout_id: layout.id,
          ticket_types: [{ name: "Stalls", price_minor: 5000, sections: (sections.length > 0 ? sections : [stalls]).map((each) => each.name) }],
        },
      ],
    });
    const { sessions } = await read<{ sessions: { id: number }[] }>(await this.api.get(`/api/v1/events/${made.id}`));
    return { event: made.id, session: sessions[0]!.id };
  }

  /** A room whose lobby opens in a moment and is drawn three seconds later. */
  async lottery(): Promise<string> {
    const soon = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
    const settings = { rate_per_minute: 600, cap: 1, claim_window_s: 60, session_length_s: 600, booking_url: "/events" };
    const schedule = { lobby_at: soon(1), opens_at: soon(4), draw: true };
    await read(await this.api.put("/api/v1/admin/rooms/lottery", { data: { name: "Lottery", event: "1", ...settings, ...schedule } }));
    return "lottery";
  }

  /** A room of its own with an ordinary pace, and with these settings besides. */
  async room(id: string, settings: Record<string, unknown>): Promise<string> {
    const usual = { event: "1", rate_per_minute: 12, cap: 500, claim_window_s: 90, session_length_s: 600, booking_url: "/events" };
    await read(await this.api.put(`/api/v1/admin/rooms/${id}`, { data: { ...usual, ...settings } }));
    return id;
  }

  /** So many more fans in a room's line. */
  async crowd(room: string, fans: number): Promise<void> {
    for (let come = 0; come < fans; come += 20) {
      await Promise.all(Array.from({ length: Math.min(20, fans - come) }, () => this.fan(room).then((fan) => fan.api.dispose())));
    }
  }

  /** A room as its operator sees it. */
  settings = async (room: string): Promise<Record<string, unknown>> =>
    read(await this.api.get(`/api/v1/admin/rooms/${room}`));

  /** Changes some of a room's settings and keeps the others. */
  async change(room: string, change: Record<string, unknown>): Promise<void> {
    const { id, state, waiting, serving, admitted, invite_only, server_time, retry_after_s, called, at_door, totals, pace, watchers, owner, ...settings } =
      await this.settings(room);
    await read(await this.api.put(`/api/v1/admin/rooms/${room}`, { data: { ...settings, ...change } }));
  }

  /** Opens, pauses, resumes or closes a room. */
  async steer(room: string, verb: "open" | "pause" | "resume" | "close"): Promise<void> {
    await this.#post(`/api/v1/admin/rooms/${room}/${verb}`, {});
  }

  /** Takes a place away, and with it the visit that it has become. */
  async revoke(room: string, place: string): Promise<void> {
    await this.#post(`/api/v1/admin/rooms/${room}/revoke`, { place });
  }

  /** Somebody who may buy. */
  async shopper(name: string): Promise<Account> {
    const account = { email: `${name.toLowerCase().replace(/[^a-z]/g, "")}@browser.example`, password: `Password of ${name} 1` };
    await this.#post("/api/v1/users/register", { name, ...account });
    return account;
  }

  /** Somebody who may make events. */
  async organiser(name: string): Promise<Account> {
    const account = await this.shopper(name);
    const found = await this.api.get("/api/v1/admin/users", { params: { q: account.email } });
    const [user] = await read<{ id: string }[]>(found);
    await read(await this.api.patch(`/api/v1/admin/users/${user!.id}`, { data: { user_type: "organizer" } }));
    return account;
  }

  /** Buys the best tickets there are, without a page. */
  async buy(buyer: Account, event: number, quantity: number): Promise<{ ticket_code: string }[]> {
    const api = await this.#signedIn(buyer);
    const order = { event_id: event, quantity, card_number: "4242424242424242" };
    const { tickets } = await read<{ tickets: { ticket_code: string }[] }>(await api.post("/api/v1/orders", { data: order }));
    await api.dispose();
    return tickets;
  }

  /** An event as anybody may read it. */
  event = async (id: number): Promise<Record<string, unknown>> => read(await this.api.get(`/api/v1/events/${id}`));

  /** A code that takes a share off each ticket of an event. */
  async promo(event: number, code: string, percent: number): Promise<void> {
    await this.#post(`/api/v1/events/${event}/promo-codes`, { code, percent });
  }

  /** An event of places without numbers that begins and ends in a moment. */
  async soonOver(name = "Short Circuit"): Promise<number> {
    const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
    const { id } = await this.#post<{ id: number }>("/api/v1/events", {
      name,
      description: "Over before it began.",
      venue: "The Lantern",
      event_date: inSeconds(6),
      sessions: [{ starts_at: inSeconds(6), ends_at: inSeconds(7), ticket_types: [{ name: "Standing", price_minor: 1000, quantity: 5 }] }],
    });
    return id;
  }

  /** A seating plan as the server makes it of what was saved last for a venue of this name. */
  async plan(venue: string): Promise<{ sections: { name: string; rows: { label: string; seats: unknown[] }[] }[] }> {
    const venues = await read<{ layouts: { id: number }[] }[]>(await this.api.get("/api/v1/venues", { params: { q: venue } }));
    return read(await this.api.get(`/api/v1/layouts/${venues[0]!.layouts[0]!.id}`));
  }

  /** What a scanner at the gate would send. */
  checkIn = (qr: string): Promise<APIResponse> => this.api.post("/api/v1/checkins", { data: { qr } });

  /** Another fan in her own browser, by API. */
  fan = async (room: string): Promise<Fan> => Fan.join(await request.newContext({ baseURL: this.url }), room);

  /** A request without any cookie or account. */
  guest = (): Promise<APIRequestContext> => request.newContext({ baseURL: this.url });

  close = () => this.api.dispose();

  async #post<T>(path: string, data: unknown): Promise<T> {
    return read<T>(await this.api.post(path, { data }));
  }
}

/** A fan who stands in the line without a page. */
export class Fan {
  private constructor(
    readonly api: APIRequestContext,
    private readonly room: string,
    readonly number: number,
  ) {}

  static async join(api: APIRequestContext, room: string): Promise<Fan> {
    const { place } = await read<{ place: Place }>(await api.post(`/api/v1/rooms/${room}/places`, { data: {} }));
    return new Fan(api, room, place.number);
  }

  place = async (): Promise<Place> => read<Place>(await this.api.get(`/api/v1/rooms/${this.room}/places/me`));

  async leave(): Promise<void> {
    expect((await this.api.delete(`/api/v1/rooms/${this.room}/places/me`)).status()).toBe(204);
  }

  /** Waits for the turn and takes it: the admission token. */
  async admission(): Promise<string> {
    await expect.poll(async () => (await this.place()).state).toBe("called");
    const answer = await this.api.post(`/api/v1/rooms/${this.room}/places/me/admission`, { data: {} });
    return (await read<{ admission_token: string }>(answer)).admission_token;
  }
}

/** A successful answer's body; otherwise a failure that shows the problem. */
export async function read<T>(answer: APIResponse): Promise<T> {
  const text = await answer.text();
  expect(answer.ok(), `${answer.url()} answered ${answer.status()}: ${text}`).toBe(true);
  return (text ? JSON.parse(text) : null) as T;
}
