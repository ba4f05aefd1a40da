import type { Key } from "virtual:catalogue";
import { Announcer } from "./announce";
import { autonym, codes, isRtl, learn, pick, speaker } from "./language";
import { Line } from "./line";
import { grew, type Start, share } from "./progress";
import { recall, remember } from "./storage";
import { type Model, type View, viewOf } from "./view";
import { clock, count, hour, interval, limit, span } from "./wording";

/** What the page needs besides the model. */
export interface Shown extends Model {
  start: Start | null;
  live: boolean;
  /** A mail was asked for. */
  mailed: boolean;
  /** The server's own words about an error. */
  detail: string;
  /** Seconds to wait instead of working. */
  wait_s: number;
  /** Server time minus this device's. */
  ahead_ms: number;
}

const $ = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

/** Writes the model into the document. Only what differs is touched, so that nothing flickers or is read twice. */
export class Page {
  #line = new Line($<HTMLCanvasElement>("line"));
  #announcer = new Announcer();
  #locale = "en";
  #t = speaker("en");
  /** The reader's language is here. */
  #ready = false;
  #shown!: Shown;
  #view!: View;
  #tick = 0;
  #flash = false;

  constructor() {
    const choice = $<HTMLSelectElement>("language");
    for (const code of codes) choice.add(new Option(autonym(code), code));
    choice.onchange = () => {
      remember("language", choice.value);
      void this.#speak(choice.value);
    };
    void this.#speak(pick([recall<string>("language") ?? "", ...navigator.languages]));
  }

  get view(): View {
    return this.#view;
  }

  text = (key: Key, value?: string): string => this.#t(key, value);

  async #speak(wanted: string): Promise<void> {
    const locale = await learn(wanted);
    this.#locale = locale;
    this.#t = speaker(locale);
    const root = document.documentElement;
    root.lang = locale;
    root.dir = isRtl(locale) ? "rtl" : "ltr";
    const choice = $<HTMLSelectElement>("language");
    choice.value = locale.split("-")[0]!;
    $("bar").ariaLabel = this.#t("place");
    for (const element of document.querySelectorAll<HTMLAnchorElement>("[data-t]")) {
      element.textContent = this.#t(element.dataset["t"] as Key);
      // The server's own pages know no choice that is kept in the browser.
      if (element.href) element.search = `?lang=${locale}`;
    }
    root.classList.add("on");
    this.#ready = true;
    this.show(this.#shown);
  }

  show(shown: Shown): void {
    const { room, place, start, live } = shown;
    const view = viewOf(shown);
    this.#shown = shown;
    this.#view = view;
    if (!this.#ready) return;
    document.body.dataset["view"] = view.name;
    if (room) set("name", room.name);
    set("title", this.#t(view.title));
    set("text", this.#text());
    const message = place?.message ?? room?.message ?? "";
    set("message", message, !message);
    $("opens").hidden = view.name === "called" || view.name === "deferred";
    const note: Key | null = !live
      ? navigator.onLine ? "lost" : "offline"
      : view.draining
        ? "draining"
        : view.standing && start && grew(start, place!.position)
          ? "grew"
          : null;
    set("note", note ? this.#t(note) : "", !note);
    set("action", view.action ? this.#t(view.action.label, count(this.#locale, shown.wait_s)) : "", !view.action);
    set("later", this.#t("later", span(this.#locale, room?.deferral_s ?? 0)), !view.deferrable);
    $("leave").hidden = $("move").hidden = !view.leavable;
    $("mail").hidden = !view.mailable;
    $("mail").setAttribute("aria-pressed", String(shown.mailed));
    $("sound").hidden = !view.alerts || !window.AudioContext;
    $("notify").hidden = !view.alerts || !window.Notification;
    this.#showStanding();
    this.#showLine();
    this.#showTime();
    this.#speakUp(note);
  }

  /** The sentence below the title. */
  #text(): string {
    const { detail, place } = this.#shown;
    const { name, text } = this.#view;
    if (name === "error" && detail) return detail;
    return text ? this.#t(text, name === "deferred" ? hour(this.#locale, place!.deferred_until!) : "") : "";
  }

  #showStanding(): void {
    const { place, start } = this.#shown;
    $("standing").hidden = !this.#view.standing;
    if (!place || !this.#view.standing) return;
    const number = (value: number) => count(this.#locale, value);
    set("position", number(place.position));
    set("ahead", number(place.ahead));
    set("serving", number(place.serving));
    set("number", number(place.number));
    set("eta", this.#wait());
    const done = start ? share(start) : 0;
    $("bar").setAttribute("aria-valuenow", String(Math.floor(done * 100)));
    ($("bar").firstElementChild as HTMLElement).style.inlineSize = `${done * 100}%`;
  }

  /** The wait in words; a paused line has none. */
  #wait(): string {
    const eta = this.#shown.place?.eta;
    if (!eta || this.#view.name === "paused") return "–";
    const most = limit(this.#locale, eta);
    if (most) return this.#t("under", most);
    const words = interval(this.#locale, eta);
    return words ? this.#t("about", words) : this.#t("soon");
  }

  #showLine(): void {
    const { place, start } = this.#shown;
    const { name, standing } = this.#view;
    const inside = name === "called" || name === "deferred" || name === "admitted";
    this.#line.show({
      position: standing && place ? place.position : inside ? 1 : null,
      from: inside ? 20 : Math.max(start?.from ?? 1, place?.position ?? 1),
      behind: place?.waiting_behind ?? 0,
      door: inside ? 1 : name === "waiting" ? 0.55 : 0.12,
    });
  }

  /** What changes by itself: the countdown and the tab's title. */
  #showTime(): void {
    clearTimeout(this.#tick);
    const { name, until, standing } = this.#view;
    const now_ms = Date.now() + this.#shown.ahead_ms;
    $("clock").hidden = !until;
    if (until) set("left", clock(this.#locale, Date.parse(until) - now_ms));
    this.#flash = name === "called" && !this.#flash;
    const event = $("name").textContent!;
    document.title = this.#flash
      ? `★ ${this.#t("called")}`
      : standing
        ? `${$("position").textContent} · ${event}`
        : `${this.#t(this.#view.title)} · ${event}`;
    if (until || name === "called") this.#tick = window.setTimeout(() => this.#showTime(), 1000);
  }

  #speakUp(note: Key | null): void {
    const { title, name, standing } = this.#view;
    const news = [this.#t(title), this.#text(), note && this.#t(note)].filter(Boolean).join(". ");
    const figures = standing
      ? `${this.#t("place")}: ${$("position").textContent}. ${this.#t("wait")}: ${$("eta").textContent}.`
      : "";
    const said = this.#announcer.next(news, figures, Date.now());
    if (said) set(name === "called" ? "urgent" : "said", said);
  }
}

function set(id: string, text: string, hidden = false): void {
  const element = $(id);
  if (element.textContent !== text) element.textContent = text;
  element.hidden = hidden;
}
