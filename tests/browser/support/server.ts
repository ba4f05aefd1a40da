import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** `RUSHLINE_BIN`, or what `cargo build` leaves. */
const binary = resolve(process.env["RUSHLINE_BIN"] ?? "../../target/debug/rushline");
const start_ms = 60_000;

/** The first admin of every server started here. */
export const admin = { email: "admin@browser.example", password: "Only for browser tests 1" };

/** The admin whom `rushline seed` puts in. */
export const demoAdmin = { email: "carol@admin.com", password: "rushline-demo" };

const settings = {
  RUSHLINE_ADMIN_EMAIL: admin.email,
  RUSHLINE_ADMIN_PASSWORD: admin.password,
  // One machine plays all fans, and the gateway neither fails by chance nor takes its time.
  RUSHLINE_WAITING_ROOM_JOINS_PER_MINUTE: "100000",
  RUSHLINE_BOOKING_LOGINS_PER_MINUTE: "100000",
  RUSHLINE_BOOKING_BOOKINGS_PER_MINUTE: "100000",
  RUSHLINE_PAYMENTS_SUCCESS_PERCENT: "100",
  RUSHLINE_PAYMENTS_DELAY_MIN_MS: "0",
  RUSHLINE_PAYMENTS_DELAY_MAX_MS: "0",
  // No test waits for public randomness.
  RUSHLINE_WAITING_ROOM_DRAW_BEACON: "none",
  RUSHLINE_SERVER_LOG: "warn",
};

/** Settings of a server, as environment variables. */
export type Settings = Record<string, string>;

interface Start {
  demo?: boolean;
  /** Its own address; without it one that is free. */
  url?: string;
  settings?: Settings;
}

/** `rushline all` on a free port and a data folder of its own. */
export class Server {
  #child: ChildProcess | null = null;

  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly settings: Settings,
  ) {}

  /** With `demo`, `rushline seed` fills the folder first; `settings` are added to those of every test. */
  static async start({ demo = false, url, settings = {} }: Start = {}): Promise<Server> {
    if (!existsSync(binary)) throw new Error(`${binary} is missing: run \`cargo build\`, or name it in RUSHLINE_BIN`);
    const folder = mkdtempSync(join(tmpdir(), "rushline-browser-"));
    const server = new Server(url ?? (await freeAddress()), folder, settings);
    if (demo) server.#seed();
    await server.run();
    return server;
  }

  #seed(): void {
    const seeded = spawnSync(binary, ["seed", ...this.#flags()], { env: this.#environment(), encoding: "utf8" });
    if (seeded.status !== 0) throw new Error(`rushline seed failed:\n${seeded.stdout}${seeded.stderr}`);
  }

  /** Starts the process; after `kill` with the same port and data. */
  async run(): Promise<void> {
    const log = createWriteStream(this.#log, { flags: "a" });
    const child = spawn(binary, ["all", ...this.#flags()], { env: this.#environment(), stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.#child = child;
    const until_ms = Date.now() + start_ms;
    while (!(await this.#isReady())) {
      if (child.exitCode !== null) throw new Error(`the server ended while starting:\n${this.log()}`);
      if (Date.now() > until_ms) throw new Error(`the server is not ready after a minute:\n${this.log()}`);
      await new Promise((next) => setTimeout(next, 25));
    }
  }

  /** Ends it like a power cut: no time to write anything down. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Kills it and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The first link of a kind in the mails to an address, once it has arrived. */
  link(to: string, path: string): string | null {
    const folder = join(this.folder, "data", "mails");
    if (!existsSync(folder)) return null;
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".eml"))) {
      // Quoted-printable breaks long lines with "=" and writes "=" itself as "=3D".
      const mail = readFileSync(join(folder, name), "utf8").replace(/=\r?\n/g, "").replaceAll("=3D", "=");
      if (!mail.includes(to)) continue;
      const found = mail.match(new RegExp(`${this.url}(${path}[^\\s"<>]*)`))?.[1];
      if (found) return found.replaceAll("&amp;", "&");
    }
    return null;
  }

  log = (): string => (existsSync(this.#log) ? readFileSync(this.#log, "utf8") : "");

  get #log(): string {
    return join(this.folder, "server.log");
  }

  #flags(): string[] {
    const { port } = new URL(this.url);
    return ["--listen", `127.0.0.1:${port}`, "--public-url", this.url, "--data-dir", join(this.folder, "data")];
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, ...settings, ...this.settings };
  }

  #isReady = () =>
    fetch(`${this.url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
}

/** An address of this machine that nobody listens at. */
export const freeAddress = async (): Promise<string> => `http://localhost:${await freePort()}`;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
