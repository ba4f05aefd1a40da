import { type Api, Refusal } from "./api";
import { backOff, pollDelay, silence } from "./delays";
import type { Place } from "./types";

/** What a feed tells its page. */
export interface Listener {
  place(place: Place): void;
  /** Whether news can reach us at the moment. */
  live(live: boolean): void;
  /** The server doesn't know this browser's place. */
  gone(): void;
}

const polling = 2;
const climb_ms = 300_000;
/** A stream that hasn't said anything by then is taken for blocked. */
const firstWord_ms = 10_000;

/**
 * Keeps the place document coming: by WebSocket, else by server-sent events, else by polling.
 * It steps down only when a poll works where the stream failed, so that an outage doesn't turn a crowd into pollers,
 * and starts from the top again every five minutes, when the network is back and when the tab is looked at.
 */
export class Feed {
  #rung = 0;
  #failures = 0;
  #topTried_ms = 0;
  #asked_s = 5;
  #stopped = false;
  #heard = false;
  #heard_ms = 0;
  #wake = () => {};
  #hangUp = () => {};

  constructor(
    private readonly api: Api,
    private readonly listener: Listener,
  ) {}

  /** Runs until `stop`. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      if (this.#rung < polling) {
        if (!this.#rung) this.#topTried_ms = Date.now();
        this.#heard = false;
        await (this.#rung ? this.#events() : this.#socket());
        if (this.#stopped) return;
        this.listener.live(false);
        if (this.#heard) {
          await this.#sleep(backOff(0, Math.random()));
          continue;
        }
      }
      await this.#poll();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#hangUp();
    this.#wake();
  }

  /** The network is back or somebody looks: don't sit out a wait, try the best way again, doubt an old stream. */
  nudge(): void {
    if (Date.now() - this.#heard_ms > silence(this.#asked_s)) this.#hangUp();
    this.#failures = 0;
    if (this.#rung === polling) this.#rung = 0;
    this.#wake();
  }

  /** One poll: the last rung, and the probe that tells a blocked stream from a dead server. */
  async #poll(): Promise<void> {
    try {
      this.#hear(await this.api.place());
      this.#failures = 0;
      if (this.#rung < polling) this.#rung++;
      if (this.#rung < polling) return;
      await this.#sleep(pollDelay(this.#asked_s, Math.random()));
      if (Date.now() - this.#topTried_ms > climb_ms) this.#rung = 0;
    } catch (error) {
      if (this.#stopped || !(error instanceof Refusal)) return;
      if (error.status === 401 || error.status === 404) {
        this.stop();
        this.listener.gone();
        return;
      }
      this.listener.live(false);
      const wait_ms = backOff(this.#failures++, Math.random());
      await this.#sleep(Math.max(wait_ms, error.retry_after_s && pollDelay(error.retry_after_s, Math.random())));
    }
  }

  #socket(): Promise<void> {
    const address = new URL(`${this.api.base}/live`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address, "rushline.v1");
    return this.#stream(socket, "message", "close");
  }

  #events(): Promise<void> {
    return this.#stream(new EventSource(`${this.api.base}/stream`), "place", "error");
  }

  /** Listens until the stream ends, falls silent or is hung up. */
  #stream(stream: WebSocket | EventSource, news: string, end: string): Promise<void> {
    return new Promise((resolve) => {
      let watchdog = 0;
      const close = () => {
        clearTimeout(watchdog);
        stream.removeEventListener(end, close);
        stream.close();
        resolve();
      };
      const watch = () => {
        clearTimeout(watchdog);
        watchdog = window.setTimeout(close, silence(this.#asked_s));
      };
      stream.addEventListener(end, close);
      stream.addEventListener(news, (event) => {
        if (this.#stopped) return;
        watch();
        this.#hear(JSON.parse((event as MessageEvent<string>).data));
      });
      this.#hangUp = close;
      watchdog = window.setTimeout(close, firstWord_ms);
    });
  }

  #hear(place: Place): void {
    if (this.#stopped) return;
    this.#heard = true;
    this.#heard_ms = Date.now();
    this.#failures = 0;
    this.#asked_s = place.retry_after_s || 5;
    this.listener.live(true);
    this.listener.place(place);
  }

  #sleep(wait_ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, wait_ms);
    });
  }
}
