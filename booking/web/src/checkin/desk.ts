import { serverNow } from "../api/clock";
import { newKey } from "../api/ids";
import type { Door, ListedTicket, TakenAlong } from "../api/types";
import { placeText } from "../seats/place";
import { timeText } from "../ui/time";
import { checkIn, failureOf, fetchAlong, fetchCounts, fetchDoors, fetchKeys, fetchTickets } from "./api";
import { type Book, bookOf, type Decision, judgeCode, judgeQr, readShown, type Shown } from "./book";
import { Courier, type Link } from "./courier";
import { admittedResult, countUnsynced, type Entry, refreshPause, stands } from "./entries";
import { setOpenDoor } from "./flag";
import { isGenuine } from "./keys";
import { signal } from "./signal";
import { readStatement, type Statement } from "./statement";
import { type KeptDoor, Vault } from "./vault";
import { admitted, inside, refused, refusedBy, subject, unlisted, unwritten, type Verdict } from "./verdict";

/** A verdict with its place in the log. */
export interface Scan extends Verdict {
  key: string;
  at: string;
}

/** Everything that the gate's pages show. */
export interface DeskState {
  /** `elsewhere`: another tab of this device has the gate open. `unable`: the browser keeps nothing for us. */
  phase: "starting" | "elsewhere" | "unable" | "setup" | "open";
  kept: KeptDoor | null;
  book: Book | null;
  entries: readonly Entry[];
  link: Link;
  /** A refusal of the server that somebody must look into. */
  trouble: string | null;
  /** Shown full screen until somebody goes on. */
  verdict: Scan | null;
  isBusy: boolean;
  log: readonly Scan[];
  /** Tickets fetched so far, while a door is being opened. */
  fetched: number | null;
}

const keptScans = 100;
/** Scans waiting their turn at most; a person scans no faster. */
const mostWaiting = 3;
/** How long after the end the list is kept, for late reports; then names are forgotten. */
const lingerMs = 24 * 3_600_000;
const lockName = "rushline.gate";

/** One gate on one device: decides at once, writes down what it did, and lets the courier tell the server. */
export class Desk {
  #state: DeskState = {
    phase: "starting",
    kept: null,
    book: null,
    entries: [],
    link: "online",
    trouble: null,
    verdict: null,
    isBusy: false,
    log: [],
    fetched: null,
  };
  #listeners = new Set<() => void>();
  #vault: Vault | null = null;
  #courier: Courier | null = null;
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;
  #doors: readonly Door[] = [];
  /** Counts the visits of this page, so that what an earlier one began does not end in a later one. */
  #visit = 0;
  #listFetched_ms = 0;
  #letGo: (() => void) | null = null;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get = (): DeskState => this.#state;

  #set(change: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Takes this device's gate for this tab. Two tabs would each let the same ticket in. */
  start(isForced = false): void {
    this.#set({ phase: "starting" });
    this.#visit += 1;
    const visit = this.#visit;
    const taken = new Promise<void>((resolve) => {
      this.#letGo = resolve;
    });
    const hold = async () => {
      await this.#load(visit).catch(() => this.#set({ phase: "unable" }));
      await taken;
    };
    // A tab that was just closed or reloaded needs a moment to let go.
    const patience = isForced ? { steal: true } : { signal: AbortSignal.timeout(1_500) };
    const lost = () => {
      if (visit !== this.#visit) return;
      this.#courier?.stop();
      this.#set({ phase: "elsewhere", verdict: null });
    };
    if ("locks" in navigator) void navigator.locks.request(lockName, patience, hold).catch(lost);
    else void hold();
  }

  /** Lets go of the gate when the page is left. */
  leave(): void {
    this.#visit += 1;
    this.#courier?.stop();
    this.#letGo?.();
  }

  async #load(visit: number): Promise<void> {
    const vault = await Vault.open();
    const [kept, entries, tickets] = await Promise.all([vault.door(), vault.entries(), vault.tickets()]);
    if (visit !== this.#visit) return;
    this.#vault = vault;
    if (kept === null) return this.#set({ phase: "setup" });
    const isOver = Date.parse(kept.door.ends_at) + lingerMs < serverNow();
    if (isOver && countUnsynced(entries) === 0) return this.closeDoor();
    this.#open(kept, tickets, entries);
  }

  #open(kept: KeptDoor, tickets: readonly ListedTicket[], entries: readonly Entry[]): void {
    setOpenDoor(true);
    this.#doors = kept.doors;
    const book = bookOf(tickets, kept.along, standing(entries, kept.along));
    const log = entries
      .map((entry): Scan => {
        const ticket = entry.ticket === null ? null : (book.tickets.get(entry.ticket) ?? null);
        const whom = subject(ticket, "code" in entry.shown ? entry.shown.code : "", true);
        return { ...admitted(whom, entry.id), key: entry.id, at: entry.at };
      })
      .sort((a, b) => (a.at < b.at ? 1 : -1))
      .slice(0, keptScans);
    const link = navigator.onLine ? this.#state.link : "offline";
    this.#set({ phase: "open", kept, book, entries, log, link, fetched: null });
    this.#courier = new Courier({
      entries: () => this.#state.entries,
      change: (ids, update) => this.#change(ids, update),
      refresh: () => this.#refresh(),
      linked: (state, trouble) => this.#set({ link: state, trouble }),
      now: serverNow,
    });
    this.#courier.hurry();
  }

  /** The performances to choose from. */
  async doors(): Promise<readonly Door[]> {
    this.#doors = await fetchDoors();
    return this.#doors;
  }

  /** Takes along what a performance needs; from then on the network may go. */
  async openDoor(door: Door, gate: string): Promise<void> {
    const vault = this.#vault;
    if (vault === null) return;
    this.#set({ fetched: 0 });
    try {
      const counted_at = serverNow();
      const [keys, along, counts] = await Promise.all([
        fetchKeys(),
        fetchAlong(door.session),
        fetchCounts(door.session),
      ]);
      await vault.clear();
      const tickets = await this.#takeTickets(vault, door.session, null);
      const kept: KeptDoor = { door, gate, doors: this.#doors, keys, along, counts, counted_at };
      await vault.keepDoor(kept);
      void navigator.storage?.persist?.();
      this.#listFetched_ms = Date.now();
      this.#open(kept, tickets, []);
    } finally {
      this.#set({ fetched: null });
    }
  }

  async #takeTickets(vault: Vault, session: number, last: string | null): Promise<ListedTicket[]> {
    const tickets: ListedTicket[] = [];
    for await (const page of fetchTickets(session, last)) {
      if (page.length > 0) await vault.addTickets(page);
      tickets.push(...page);
      if (this.#state.fetched !== null) this.#set({ fetched: tickets.length });
    }
    return tickets;
  }

  /** Forgets the door with its list and log. Entries that the server doesn't know would be lost: the page asks first. */
  async closeDoor(): Promise<void> {
    this.#courier?.stop();
    this.#courier = null;
    await this.#vault?.clear();
    setOpenDoor(false);
    this.#set({ phase: "setup", kept: null, book: null, entries: [], log: [], verdict: null, trouble: null });
  }

  /** Checks what a camera, a scanner or a person gave, after those before it. */
  check(text: string): Promise<void> {
    if (text.trim() === "" || this.#waiting >= mostWaiting) return this.#queue;
    this.#waiting += 1;
    this.#queue = this.#queue.then(async () => {
      this.#set({ isBusy: true });
      // The device is full, or the browser has withdrawn its storage: whom we can't note we don't let in.
      const verdict = await this.#verdictOn(text).catch(() => unwritten(subject(null, "", true)));
      this.#waiting -= 1;
      const scan: Scan = { ...verdict, key: newKey(), at: new Date(serverNow()).toISOString() };
      signal(scan.light);
      this.#set({ isBusy: false, verdict: scan, log: [scan, ...this.#state.log].slice(0, keptScans) });
    });
    return this.#queue;
  }

  /** Puts the verdict away. */
  next = (): void => this.#set({ verdict: null });

  async #verdictOn(text: string): Promise<Verdict> {
    const { kept, book } = this.#state;
    if (kept === null || book === null) throw new Error("the gate is not open");
    const shown = readShown(text);
    const statement = "qr" in shown ? readStatement(shown.qr) : null;
    const known = "code" in shown ? book.codes.get(shown.code) : statement?.ticket;
    const ticket = (known && book.tickets.get(known)) || null;
    const entry: Entry = {
      id: newKey(),
      session: kept.door.session,
      ticket: known ?? null,
      shown,
      gate: kept.gate,
      at: new Date(serverNow()).toISOString(),
      tries: 0,
      result: null,
      settled_at: null,
      isUndone: false,
      isUndoTold: false,
    };
    if (this.#state.link === "online") {
      const verdict = await this.#ask(entry, ticket);
      if (verdict !== null) return verdict;
      entry.tries = 1;
    }
    return this.#decide(entry, ticket, statement);
  }

  /** The server's word; null when it can't be had in time. */
  async #ask(entry: Entry, ticket: ListedTicket | null): Promise<Verdict | null> {
    const shown = "code" in entry.shown ? entry.shown.code : "";
    try {
      const { admitted_at: at, ticket: told } = await checkIn(entry);
      // The server has it: that this device can't note it keeps nobody out.
      const settled = { ...entry, at, tries: 1, result: admittedResult, settled_at: serverNow() };
      await this.#letIn(settled).catch(() => undefined);
      const place = [placeText(told.seat), told.ticket_type].filter(Boolean).join(" · ");
      return admitted({ code: told.code, holder: told.holder_name, place, isLocal: false }, entry.id);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "refused") {
        const { problem } = failure;
        const at = problem.text("first_used_at");
        if (at !== null && entry.ticket !== null) {
          this.#state.book?.inside.set(entry.ticket, { at, gate: problem.text("gate") ?? "" });
        }
        const whom = subject(ticket, shown, false);
        if (problem.text("reason") === "wrong-session")
          return refused(whom, "wrong-session", this.#elsewhere(entry.shown));
        return refusedBy(whom, problem, serverNow());
      }
      this.#set({ link: failure.kind === "signed-out" ? "signed-out" : "offline" });
      this.#courier?.hurry();
      return null;
    }
  }

  /** Decides without the server, by signature and list. */
  async #decide(entry: Entry, ticket: ListedTicket | null, statement: Statement | null): Promise<Verdict> {
    const { kept, book } = this.#state;
    if (kept === null || book === null) throw new Error("the gate is not open");
    const whom = subject(ticket, "code" in entry.shown ? entry.shown.code : "", true);
    const decision: Decision =
      "code" in entry.shown
        ? judgeCode(book, entry.shown.code)
        : judgeQr(book, statement, statement !== null && (await isGenuine(statement, kept.keys)));
    if (decision.kind === "unlisted") return unlisted(whom);
    if (decision.kind === "inside") return inside(whom, decision.first, serverNow());
    if (decision.kind === "refuse") {
      const elsewhere = decision.reason === "wrong-session" ? this.#elsewhere(entry.shown) : null;
      return refused(whom, decision.reason, elsewhere);
    }
    await this.#letIn(entry);
    this.#courier?.hurry();
    return admitted(whom, entry.id);
  }

  /** Written down before anybody is told to come in. */
  async #letIn(entry: Entry): Promise<void> {
    await this.#vault?.keepEntries([entry]);
    if (entry.ticket !== null) this.#state.book?.inside.set(entry.ticket, { at: entry.at, gate: entry.gate });
    this.#set({ entries: [...this.#state.entries, entry] });
  }

  /** Takes an entry back. */
  async undo(id: string): Promise<void> {
    const entry = this.#state.entries.find((each) => each.id === id);
    if (entry === undefined || entry.isUndone) return;
    if (entry.ticket !== null) this.#state.book?.inside.delete(entry.ticket);
    this.#set({ verdict: this.#state.verdict?.entry === id ? null : this.#state.verdict });
    await this.#change([id], (each) => ({ ...each, isUndone: true }));
    this.#courier?.hurry();
  }

  /** Changes entries here at once, so that nobody changes what they no longer are; then writes them down. */
  async #change(ids: readonly string[], update: (entry: Entry) => Entry): Promise<void> {
    const wanted = new Set(ids);
    const changed: Entry[] = [];
    const entries = this.#state.entries.map((entry) => {
      if (!wanted.has(entry.id)) return entry;
      const next = update(entry);
      changed.push(next);
      return next;
    });
    this.#set({ entries });
    await this.#vault?.keepEntries(changed);
  }

  /** Fetches the counts each time, the list when it is old, and tickets issued since. */
  async #refresh(): Promise<void> {
    const { kept } = this.#state;
    if (kept === null) return;
    const { session } = kept.door;
    const counted_at = serverNow();
    const counts = await fetchCounts(session);
    if (this.#state.kept !== kept) return;
    this.#set({ kept: { ...kept, counts, counted_at } });
    const size = kept.along.used.length + kept.along.dead.length;
    if (Date.now() - this.#listFetched_ms < refreshPause(size)) return;
    const [along, keys] = [await fetchAlong(session), await fetchKeys()];
    const tickets = await this.#topUp(along);
    // The door was closed meanwhile: what was fetched for it is nobody's.
    if (this.#state.kept?.door !== kept.door) return;
    const fresh: KeptDoor = { ...kept, counts, counted_at, along, keys };
    await this.#vault?.keepDoor(fresh);
    this.#listFetched_ms = Date.now();
    this.#set({ kept: fresh, book: bookOf(tickets, along, standing(this.#state.entries, along)) });
  }

  /** The tickets on the list, with those issued since; all anew when it has gaps. */
  async #topUp({ session, issued }: TakenAlong): Promise<readonly ListedTicket[]> {
    const tickets = [...(this.#state.book?.tickets.values() ?? [])];
    const vault = this.#vault;
    if (vault === null || issued <= tickets.length) return tickets;
    const newer = await this.#takeTickets(vault, session, tickets.at(-1)?.id ?? null);
    if (tickets.length + newer.length >= issued) return [...tickets, ...newer];
    // Two servers issued at the same moment, and the later ticket has the smaller id.
    await vault.dropTickets();
    return this.#takeTickets(vault, session, null);
  }

  /** The performance that a QR code is for, in words, when it is one of those to choose from. */
  #elsewhere(shown: Shown): string | null {
    const session = "qr" in shown ? readStatement(shown.qr)?.session : undefined;
    const door = this.#doors.find((each) => each.session === session);
    return door === undefined ? null : `${door.event_name}, ${timeText(door.starts_at, "both", door.time_zone)}`;
  }
}

/** The entries made here that the server's list may not know. */
const standing = (entries: readonly Entry[], along: TakenAlong) =>
  entries.flatMap(({ ticket, at, gate, ...rest }) =>
    ticket !== null && stands({ ticket, at, gate, ...rest }, Date.parse(along.as_of)) ? [{ ticket, at, gate }] : [],
  );
