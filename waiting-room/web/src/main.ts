import { call, toggleNotification, toggleSound } from "./alerts";
import { Api, Refusal } from "./api";
import { backOff, pollDelay } from "./delays";
import { Feed } from "./feed";
import { Page, type Shown } from "./page";
import { type Start, track } from "./progress";
import { recall, remember } from "./storage";
import type { Place } from "./types";
import type { Trouble } from "./view";

/** One visit to a room's page, from the first question to the shop's door. */
class Visit {
  #shown: Shown = { room: null, place: null, trouble: null, start: null, live: true, detail: "", ahead_ms: 0 };
  #page = new Page();
  #feed: Feed | null = null;
  #failures = 0;
  /** Places lost right after they were given: the browser keeps no cookie. */
  #lost = 0;
  #claiming = false;
  #timer = 0;
  readonly #api: Api;
  readonly #key: string;

  constructor(room: string) {
    this.#api = new Api(room);
    this.#key = `line.${room}`;
    this.#shown.start = recall<Start>(this.#key);
    this.#show({});
  }

  /** Looks at the room and takes, or takes up, the place in it. Tries again until there is an answer. */
  async begin(): Promise<void> {
    clearTimeout(this.#timer);
    if (!navigator.cookieEnabled) return this.#show({ trouble: "cookies" });
    try {
      const room = await this.#api.room();
      this.#show({ room, trouble: null, live: true, ahead_ms: Date.parse(room.server_time) - Date.now() });
      if (room.state === "scheduled") {
        const opens_ms = Date.parse(room.opens_at ?? "") - Date.parse(room.server_time) || Infinity;
        const wait_ms = pollDelay(room.retry_after_s, Math.random());
        return this.#again(opens_ms > 0 ? Math.min(opens_ms + 1000 * Math.random(), wait_ms) : wait_ms);
      }
      await this.#enter(room.state === "closed");
      this.#failures = 0;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Joins, or finds the place this browser had: so a turn that was missed is told, not silently replaced. */
  async #enter(closed: boolean): Promise<void> {
    if (closed || this.#shown.start) {
      const found = await this.#api.place().catch((error: Refusal) => {
        if (error.status === 401 || error.status === 404) return null;
        throw error;
      });
      if (found) return this.#follow(found);
      if (closed) return this.#again(pollDelay(60, Math.random()));
    }
    this.#follow(await this.#api.join());
  }

  /** Listens for news of a place. */
  #follow(place: Place): void {
    this.#feed?.stop();
    this.#feed = new Feed(this.#api, {
      place: (news) => {
        this.#lost = 0;
        this.#hear(news);
      },
      live: (live) => this.#show({ live }),
      gone: () => {
        remember(this.#key, null);
        this.#show({ start: null, ...(++this.#lost > 1 && { trouble: "cookies" }) });
        if (this.#lost < 2) void this.begin();
      },
    });
    this.#hear(place);
    if (this.#shown.place?.state !== "left" && this.#shown.place?.state !== "expired") void this.#feed.run();
  }

  #hear(place: Place): void {
    const before = this.#shown.place?.state;
    const start = track(this.#shown.start, place);
    remember(this.#key, start ?? { number: 0, from: 1, best: 1 });
    this.#show({ place, start, trouble: null, live: true, ahead_ms: Date.parse(place.server_time) - Date.now() });
    const { state } = place;
    if (state === "left" || state === "expired" || state === "admitted") this.#feed?.stop();
    if (state === "called" && before !== "called" && document.hidden) {
      call(this.#page.text("called"), this.#page.text("called_text"));
    }
    if (!document.hidden && !place.at_door) this.#goIn();
    // The room's own page says when and why: ask it when the room changes.
    if (this.#shown.room && place.room_state !== this.#shown.room.state) {
      this.#shown.room.state = place.room_state;
      this.#api.room().then((room) => this.#show({ room }), () => {});
    }
  }

  /** Claims when there is something to claim; says whether there is. */
  #goIn(): boolean {
    const can = this.#page.view.name === "called" || this.#page.view.name === "admitted";
    if (can) void this.claim();
    return can;
  }

  /** Takes the turn, or takes it up again, and goes on to the shop. */
  async claim(): Promise<void> {
    if (this.#claiming) return;
    this.#claiming = true;
    try {
      const { admission_token, booking_url } = await this.#api.claim();
      this.#feed?.stop();
      this.#show({ place: { ...this.#shown.place!, state: "admitted" }, live: true });
      const shop = new URL(booking_url, location.href);
      if (!shop.hash) shop.hash = `admission=${admission_token}&room=${this.#key.slice(5)}`;
      if (shop.protocol.startsWith("http")) location.replace(shop);
    } catch (error) {
      const { status, problem } = error as Refusal;
      if (problem?.place) {
        this.#hear(problem.place);
        // The shop is full: who keeps knocking keeps the turn.
        const left_ms = Date.parse(problem.place.claim_by ?? "") - Date.now() - this.#shown.ahead_ms;
        if (problem.place.at_door) setTimeout(() => this.#goIn(), Math.max(2000, left_ms / 3));
      }
      else if (status === 410) this.#hear({ ...this.#shown.place!, state: "expired" });
      else {
        this.#show({ live: false });
        setTimeout(() => this.look(), backOff(this.#failures++, Math.random()));
      }
    } finally {
      this.#claiming = false;
    }
  }

  /** Somebody looks at the page, or the network is back. */
  look(): void {
    if (document.hidden) return;
    if (this.#goIn()) return;
    if (this.#feed) this.#feed.nudge();
    else void this.begin();
  }

  /** The page's main button. */
  act(): void {
    const does = this.#page.view.action?.does;
    if (does === "enter") return void this.claim();
    this.#lost = 0;
    if (does === "join") {
      remember(this.#key, null);
      this.#show({ place: null, start: null });
    }
    void this.begin();
  }

  async leave(): Promise<void> {
    try {
      await this.#api.leave();
      this.#feed?.stop();
      remember(this.#key, null);
      this.#show({ place: { ...this.#shown.place!, state: "left" }, start: null });
    } catch {
      this.#show({ live: false });
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof Refusal)) throw error;
    const { status, problem, retry_after_s } = error;
    if (status === 404) return this.#show({ trouble: "unknown" });
    const trouble: Trouble | null = status === 410 ? "closed" : status ? "error" : null;
    this.#show({ trouble, live: status > 0, detail: status < 500 ? (problem.detail ?? "") : "" });
    // The rest of 4xx doesn't change by asking again.
    if (status > 400 && status < 500 && !retry_after_s) return;
    const wait_ms = backOff(this.#failures++, Math.random());
    this.#again(Math.max(wait_ms, retry_after_s && pollDelay(retry_after_s, Math.random())));
  }

  #again(wait_ms: number): void {
    // A longer wait would overflow the timer and fire at once.
    this.#timer = window.setTimeout(() => this.begin(), Math.min(wait_ms, 2 ** 31 - 1));
  }

  #show(change: Partial<Shown>): void {
    Object.assign(this.#shown, change);
    this.#page.show(this.#shown);
  }
}

const $ = (id: string) => document.getElementById(id)!;
const room = /^\/queue\/([a-z0-9-]{1,64})\/?$/.exec(location.pathname)?.[1];
if (room) {
  const visit = new Visit(room);
  void visit.begin();
  document.addEventListener("visibilitychange", () => visit.look());
  addEventListener("online", () => visit.look());
  $("action").onclick = () => visit.act();
  const ask = $("ask") as HTMLDialogElement;
  $("leave").onclick = () => ask.showModal();
  ask.onclose = () => ask.returnValue === "leave" && visit.leave();
} else {
  new Page().show({ room: null, place: null, trouble: "unknown", start: null, live: true, detail: "", ahead_ms: 0 });
}
$("sound").onclick = () => $("sound").setAttribute("aria-pressed", String(toggleSound()));
$("notify").onclick = async () => $("notify").setAttribute("aria-pressed", String(await toggleNotification()));
