import type { Door, DoorCounts, ListedTicket, TakenAlong } from "../api/types";
import type { Entry } from "./entries";
import type { TicketKey } from "./keys";

/** The open door, with what was taken along; the tickets are kept beside it. */
export interface KeptDoor {
  door: Door;
  /** This gate's name. */
  gate: string;
  /** The performances there were to choose from, to say where a ticket belongs that is shown at the wrong door. */
  doors: readonly Door[];
  keys: TicketKey[];
  along: TakenAlong;
  counts: DoorCounts;
  /** When it was counted, in milliseconds since 1970 by the server's clock. */
  counted_at: number;
}

/**
 * What the device keeps of the gate: one open door, its list, and the entries made here. It outlives reloads, killed tabs
 * and flat batteries; every write is done before its promise is.
 */
export class Vault {
  private constructor(private readonly db: IDBDatabase) {}

  static async open(): Promise<Vault> {
    const opening = indexedDB.open("rushline-gate", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("door");
      opening.result.createObjectStore("tickets", { autoIncrement: true });
      opening.result.createObjectStore("entries", { keyPath: "id" });
    };
    return new Vault(await answer(opening));
  }

  async door(): Promise<KeptDoor | null> {
    return (await answer<KeptDoor | undefined>(this.#read("door").get("open"))) ?? null;
  }

  keepDoor(door: KeptDoor): Promise<void> {
    return this.#write("door", (store) => store.put(door, "open"));
  }

  /** Tickets are kept in the pages they came in: a stadium's list is read in a moment. */
  async tickets(): Promise<ListedTicket[]> {
    return (await answer<ListedTicket[][]>(this.#read("tickets").getAll())).flat();
  }

  addTickets(page: readonly ListedTicket[]): Promise<void> {
    return this.#write("tickets", (store) => store.add(page));
  }

  dropTickets(): Promise<void> {
    return this.#write("tickets", (store) => store.clear());
  }

  entries(): Promise<Entry[]> {
    return answer<Entry[]>(this.#read("entries").getAll());
  }

  keepEntries(entries: readonly Entry[]): Promise<void> {
    return this.#write("entries", (store) => {
      for (const entry of entries) store.put(entry);
    });
  }

  /** Forgets everything: the door, the list with its names, the log. */
  async clear(): Promise<void> {
    for (const name of this.db.objectStoreNames) await this.#write(name, (store) => store.clear());
  }

  #read(name: string): IDBObjectStore {
    return this.db.transaction(name).objectStore(name);
  }

  #write(name: string, work: (store: IDBObjectStore) => unknown): Promise<void> {
    // `strict`: on the disk, not only in the browser's buffers, before somebody is told to come in.
    const transaction = this.db.transaction(name, "readwrite", { durability: "strict" });
    work(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
