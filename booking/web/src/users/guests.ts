import { asProblem } from "../api/problem";
import { request } from "../api/client";
import { settle, signIn, signOutHere } from "./session";

/** What a guest's mail puts behind `/guest#`. */
export interface GuestLink {
  token: string;
  booking: string | null;
}

/** The secret and the booking in `#token=…&booking=…`, or null. */
export function readGuestLink(fragment: string): GuestLink | null {
  const values = new URLSearchParams(fragment.replace(/^#/, ""));
  const token = values.get("token");
  return token ? { token, booking: values.get("booking") || null } : null;
}

/** Does somebody who is asked to sign in want tickets? Those are sold without an account too. */
export const isBuying = (next: string | undefined): boolean => /^\/(events|sessions|line)\//.test(next ?? "");

/** Signs in without an account: a name and an address are enough. */
export async function beginAsGuest(name: string, email: string): Promise<void> {
  signIn(await request("POST", "/api/v1/users/guests", { body: { name, email } }));
}

/** Asks for a new link to one's bookings by mail; the answer is the same whether there are any. */
export async function askGuestLink(email: string): Promise<void> {
  await request("POST", "/api/v1/users/guests/link", { body: { email } });
}

/**
 * Signs in by the link of a mail. Whoever is signed in with another account is asked first, since that login ends here;
 * one that shows the booking anyway is kept.
 */
export async function openGuestLink({ token, booking }: GuestLink, isSure: boolean): Promise<"open" | "ask"> {
  const { status } = await settle();
  if (status === "signed-in" && !isSure) return (await isMine(booking)) ? "open" : "ask";
  const answer = await request("POST", "/api/v1/users/magic-link", { body: { token } });
  signOutHere();
  signIn(answer);
  return "open";
}

async function isMine(booking: string | null): Promise<boolean> {
  if (booking === null) return false;
  try {
    await request("GET", "/api/v1/bookings/{booking}", { path: { booking } });
    return true;
  } catch (error) {
    if (asProblem(error).status === 404) return false;
    throw error;
  }
}
