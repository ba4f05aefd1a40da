import { mkdirSync, readFileSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page, type WebSocketRoute } from "playwright-core";
import type { Place, Room } from "../../src/types";

const dist = new URL("../../dist/", import.meta.url);
const html = readFileSync(new URL("index.html", dist), "utf8");
export const origin = "http://localhost:9";
const now = Date.parse("2026-11-21T19:00:00Z");

/** An instant so many seconds from the stage's clock. */
export const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString();

export const room = (change: Partial<Room> = {}): Room => ({
  name: "Rock Night",
  state: "open",
  opens_at: null,
  message: null,
  serving: 2386,
  server_time: at(0),
  retry_after_s: 5,
  deferral_s: 300,
  one_per_account: false,
  booking_url: "/events/1",
  ...change,
});

export const place = (change: Partial<Place> = {}): Place => ({
  state: "waiting",
  number: 3620,
  position: 1234,
  ahead: 1233,
  eta: { low_s: 250, high_s: 400 },
  serving: 2386,
  message: null,
  claim_by: null,
  retry_after_s: 5,
  paused: false,
  room_state: "open",
  waiting_behind: 4000,
  at_door: false,
  can_defer: false,
  deferred_until: null,
  joined_at: at(-1800),
  server_time: at(0),
  ...change,
});

/** One answer of the acted server. */
export interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What the acted server says, by "METHOD /path below the room"; a function may answer differently each time. */
export type Script = Record<string, Answer | ((times: number) => Answer) | "dead">;

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

/** A visitor's tab at `/queue/rock-night` with the acted server behind it. */
export class Tab {
  readonly asked: string[] = [];
  readonly sockets: WebSocketRoute[] = [];
  readonly problems: string[] = [];
  /** What the server puts between the page's marks, by mark. */
  filled: Record<string, string> = {};
  /** What a new socket hears first. */
  #pushed: Place | null = null;

  private constructor(readonly page: Page) {}

  static async open(browser: Browser, script: Script, options: BrowserContextOptions = {}, sockets = true): Promise<Tab> {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, ...options });
    const tab = new Tab(await context.newPage());
    await tab.#act(script, sockets);
    return tab;
  }

  async #act(script: Script, sockets: boolean): Promise<void> {
    const { page } = this;
    await page.clock.install({ time: now });
    page.on("pageerror", (error) => this.problems.push(error.message));
    page.on("console", (line) => {
      if (/Content Security Policy/.test(line.text())) this.problems.push(line.text());
    });
    await page.route("**", async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname.startsWith("/queue/_/")) {
        return route.fulfill({ body: readFileSync(new URL(pathname.slice("/queue/".length), dist)), contentType: "text/javascript" });
      }
      if (pathname.startsWith("/queue")) return route.fulfill({ body: this.#html(), contentType: "text/html; charset=utf-8" });
      if (!pathname.startsWith("/api/v1/rooms/rock-night")) {
        return route.fulfill({ body: "<title>Shop</title>", contentType: "text/html" });
      }
      const call = `${route.request().method()} ${pathname.slice("/api/v1/rooms/rock-night".length)}`.trim();
      this.asked.push(call);
      if (call === "POST /places") this.#pushed = null;
      const line = script[call] ?? { status: 404, body: { detail: "none" } };
      if (line === "dead") return route.abort("connectionrefused");
      const { status = 200, body, headers } =
        typeof line === "function" ? line(this.asked.filter((one) => one === call).length) : line;
      return route.fulfill({ status, headers, ...(body === undefined ? {} : { json: body }) });
    });
    await page.routeWebSocket("**/live", (socket) => {
      if (!sockets) return void socket.close({ code: 1011 });
      this.sockets.push(socket);
      const joined = script["POST /places"];
      const news = this.#pushed ?? (typeof joined === "object" ? (joined.body as { place: Place }).place : null);
      if (news) socket.send(JSON.stringify(news));
    });
  }

  /** The page as the server fills it. */
  #html(): string {
    return Object.entries(this.filled).reduce(
      (page, [mark, text]) => page.replace(new RegExp(`<!--${mark}-->.*?<!--/${mark}-->`, "s"), () => text),
      html,
    );
  }

  async visit(path = "/queue/rock-night"): Promise<this> {
    await this.page.goto(origin + path);
    return this;
  }

  /** The server pushes a place document. */
  push(change: Partial<Place>): void {
    this.#pushed = place(change);
    this.sockets.at(-1)!.send(JSON.stringify(this.#pushed));
  }

  view = () => this.page.locator("body").getAttribute("data-view");
  text = (id: string) => this.page.locator(`#${id}`).innerText();

  /** Saves a picture when the environment variable SHOTS names a folder. */
  async picture(name: string): Promise<void> {
    const folder = process.env["SHOTS"];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }

  close = () => this.page.context().close();
}
