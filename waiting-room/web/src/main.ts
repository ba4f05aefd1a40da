import { call, toggleNotification, toggleSound } from "./alerts";
import { Api, Refusal } from "./api";
import { backOff, pollDelay } from "./delays";
import { Feed } from "./feed";
import { Page, type Shown } from "./page";
import { type Start, track } from "./progress";
import { recall, remember } from "./storage";
import type { Place } from "./types";
import type { Trouble } from "./view";

const blank: Shown = { room: null, place: null, trouble: null, start: null, live: true, mailed: false, detail: "", wait_s: 0, ahead_ms: 0 };
const over: readonly string[] = ["left", "expired", "moved"];
/** Refusals that have a page of their own. */
const refusals: Record<string, Trouble> = {
  "handover-over": "stale",
  "place-not-yours": "foreign",
  "account-needed": "account",
  "invalid-token": "account",
  "account-has-place": "taken",
};
/** The shop's tokens live longer than this: a younger one that is refused is not refused for its age. */
const token_ms = 60_000;
/** Who has not chosen so long before the end of her turn goes in by herself. */
const choice_ms = 5000;
/** Who has not waited so long has just come, and is not asked whether now is a good time. */
const waited_ms = 10_000;

/** What a join is sent. */
interface Wish {
  captcha?: string | null;
  account_token?: string | undefined;
  proof?: unknown;
}

/** One visit to a room's page, from the first question to the shop's door. */
class Visit {
  #shown: Shown = { ...blank };
  #page = new Page();
  #feed: Feed | null = null;
  #failures = 0;
  /** Places lost right after they were given: the browser keeps no cookie. */
  #lost = 0;
  #claiming = false;
  #timer = 0;
  /** What this page was opened with: a place handed over by another device, a passed CAPTCHA, or the shop's account. */
  #brought = /^#(move|captcha|account)=(.+)$/.exec(location.hash) ?? [];
  /** The shop's access token, in memory alone. */
  #account = this.#brought[1] === "account" ? this.#brought[2] : undefined;
  #choosing = 0;
  /** The code that is being shown to another device. */
  #code: HTMLDialogElement | null = null;
  #stopWorking = () => {};
  readonly #api: Api;
  readonly #key: string;

  constructor(room: string) {
    this.#api = new Api(room);
    this.#key = `line.${room}`;
    this.#shown.start = recall<Start>(this.#key);
    if (this.#brought[0]) history.replaceState(null, "", location.pathname);
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
        if (this.#locked) return this.#show({ trouble: "account" });
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

  /** The room asks for an account that the page was not given. */
  get #locked(): boolean {
    return this.#shown.room!.one_per_account && !this.#account;
  }

  /** Where a passed CAPTCHA is kept while the shop is asked for the account. */
  get #passedKey(): string {
    return `passed.${this.#key}`;
  }

  /** Takes a place over, finds the one this browser had (so that a missed turn is told, not silently replaced), or joins. */
  async #enter(closed: boolean): Promise<void> {
    const [, what, token] = this.#brought;
    if (what === "move") {
      const place = await this.#api.take(token!);
      this.#brought = [];
      return this.#follow(place);
    }
    if (closed || this.#locked || this.#shown.start) {
      const found = await this.#api.place().catch((error: Refusal) => {
        if (error.status === 401 || error.status === 404) return null;
        throw error;
      });
      if (found) return this.#follow(found);
      if (closed) return this.#again(pollDelay(60, Math.random()));
    }
    const passed = what === "captcha" ? token : recall<string>(this.#passedKey);
    if (this.#locked) {
      remember(this.#passedKey, passed ?? null);
      return this.#show({ trouble: "account" });
    }
    this.#follow(await this.#join({
      ...(passed && { captcha: passed }),
      ...(this.#shown.room!.one_per_account && { account_token: this.#account }),
    }));
    remember(this.#passedKey, null);
    this.#brought = [];
  }

  /** Joins, paying what it costs. */
  async #join(wish: Wish): Promise<Place> {
    try {
      return await this.#api.join(wish);
    } catch (error) {
      const { work, captcha_page } = (error as Refusal).problem;
      // Once is enough: a CAPTCHA that does not please the server is an error to be read.
      if (captcha_page && !wish.captcha) location.replace(`${captcha_page}?back=${encodeURIComponent(location.href)}`);
      if (!work) throw error;
      const stop = new Promise<void>((resolve) => (this.#stopWorking = resolve));
      this.#show({ trouble: "working", wait_s: work.wait_s });
      const { pay } = await import("./work");
      const proof = await pay(work, stop);
      this.#show({ trouble: null });
      return this.#join({ ...wish, proof });
    }
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
    if (!over.includes(place.state)) void this.#feed.run();
  }

  #hear(place: Place): void {
    const before = this.#shown.place?.state;
    const start = track(this.#shown.start, place);
    remember(this.#key, start ?? { number: 0, from: 1, best: 1 });
    const mailed = recall(`mail.${this.#key}`) === place.number;
    this.#show({ place, start, mailed, trouble: null, live: true, ahead_ms: Date.parse(place.server_time) - Date.now() });
    const { state } = place;
    if (state === "admitted" || over.includes(state)) this.#feed?.stop();
    if (state !== before) this.#code?.close();
    if (state === "called" && before !== "called" && (document.hidden || place.can_defer)) {
      call(this.#page.text("called"), this.#page.text("called_text"));
    }
    clearTimeout(this.#choosing);
    if (this.#choice_ms() > 0) this.#choosing = window.setTimeout(() => this.look(), this.#choice_ms());
    if (!document.hidden && !place.at_door) this.#goIn();
    // The room's own page says when and why: ask it when the room changes.
    if (this.#shown.room && place.room_state !== this.#shown.room.state) {
      this.#shown.room.state = place.room_state;
      this.#api.room().then((room) => this.#show({ room }), () => {});
    }
  }

  /** How long the visitor may choose between going in and putting her turn off. */
  #choice_ms(): number {
    const { place, ahead_ms } = this.#shown;
    const now_ms = Date.now() + ahead_ms;
    if (!place?.can_defer || now_ms - Date.parse(place.joined_at) < waited_ms) return 0;
    return Date.parse(place.claim_by ?? "") - now_ms - choice_ms;
  }

  /** Claims when there is something to claim and nothing to choose; says whether there is. */
  #goIn(): boolean {
    const { name } = this.#page.view;
    const can = name === "admitted" || (name === "called" && this.#choice_ms() <= 0);
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

  /** “Not now”. */
  async defer(): Promise<void> {
    try {
      this.#hear(await this.#api.defer());
      $("title").focus();
    } catch (error) {
      const { place } = (error as Refusal).problem;
      if (place) this.#hear(place);
      else this.#show({ live: false });
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
    if (does === "wait") return this.#stopWorking();
    if (does === "login") return this.#askShop();
    if (does === "shop") return location.assign(this.#shown.room!.booking_url);
    this.#lost = 0;
    this.#brought = [];
    if (does === "join") {
      remember(this.#key, null);
      this.#show({ place: null, start: null });
    }
    void this.begin();
  }

  /** To the shop, which comes back with the account that joining takes. */
  #askShop(): void {
    const line = new URL(`/line/${this.#key.slice(5)}`, new URL(this.#shown.room!.booking_url, location.href));
    location.replace(line);
  }

  /** Offers the place to another device. */
  async move(): Promise<void> {
    try {
      const { offer } = await import("./move");
      this.#code = await offer({ text: this.#page.text, ask: this.#api.ask });
    } catch {
      this.#show({ live: false });
    }
  }

  /** Offers a mail on one's turn. What is remembered is whose number it was asked for, not the address. */
  async mail(): Promise<void> {
    try {
      const { offer } = await import("./mail");
      const { place, mailed } = this.#shown;
      offer({ text: this.#page.text, ask: this.#api.ask }, mailed, (isWished) => {
        remember(`mail.${this.#key}`, isWished ? place!.number : null);
        this.#show({ mailed: isWished });
        $("said").textContent = isWished ? this.#page.text("mail_kept") : "";
      });
    } catch {
      this.#show({ live: false });
    }
  }

  /** The device has lost its network. */
  lose(): void {
    this.#show({ live: false });
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
    const slug = problem.type?.split("/").pop() ?? "";
    // A page that waited long for the opening holds an account's token that has ended: the shop gives a new one.
    if (slug === "invalid-token" && performance.now() > token_ms) return this.#askShop();
    const trouble: Trouble | null = refusals[slug] ?? (status === 410 ? "closed" : status ? "error" : null);
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
  addEventListener("offline", () => visit.lose());
  $("action").onclick = () => visit.act();
  $("later").onclick = () => visit.defer();
  $("move").onclick = () => visit.move();
  $("mail").onclick = () => visit.mail();
  const ask = $("ask") as HTMLDialogElement;
  $("leave").onclick = () => ask.showModal();
  ask.onclose = () => ask.returnValue === "leave" && visit.leave();
} else {
  new Page().show({ ...blank, trouble: "unknown" });
}
$("sound").onclick = () => $("sound").setAttribute("aria-pressed", String(toggleSound()));
$("notify").onclick = async () => $("notify").setAttribute("aria-pressed", String(await toggleNotification()));
