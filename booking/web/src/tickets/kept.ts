import type { Ticket } from "../api/types";

/**
 * Tickets that were opened on this device, kept for a door without a network. They leave with the account that opened them,
 * and a ticket that no longer opens the door leaves at once.
 */
const prefix = "rushline.ticket.";

const isTicket = (value: unknown): value is Ticket =>
  typeof value === "object" && value !== null && "code" in value && "qr_svg" in value && "event" in value;

/** Keeps a valid ticket; forgets any other. A full or forbidden storage keeps nothing. */
export function keepTicket(ticket: Ticket): void {
  try {
    if (ticket.status === "valid") localStorage.setItem(prefix + ticket.code, JSON.stringify(ticket));
    else localStorage.removeItem(prefix + ticket.code);
  } catch {
    return;
  }
}

/** The ticket as it was when it was last opened here, or null. */
export function keptTicket(code: string): Ticket | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(prefix + code) ?? "null");
    return isTicket(value) ? value : null;
  } catch {
    return null;
  }
}

/** Forgets all of them: the account has left this device. */
export function dropTickets(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}

/** Keeps the ticket page's files too, so that it starts without a network. Where the browser refuses, it works only with one. */
export function installWallet(): void {
  // The dev server has no hashed files to keep.
  if (!import.meta.env.PROD) return;
  navigator.serviceWorker?.register("/wallet-worker.js", { scope: "/tickets/" }).catch(() => undefined);
}
