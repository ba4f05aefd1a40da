import type { SignedIn, User } from "../api/types";
import { useSyncExternalStore } from "react";
import { dropTickets } from "../tickets/kept";

/**
 * Who is signed in. The access token lives in memory alone; the refresh token in a cookie no script can read.
 * A flag without any secret tells the next visit that asking for a renewal is worth it.
 */
export interface Account {
  status: "unknown" | "guest" | "signed-in";
  user: User | null;
}

const flag = "rushline.signed-in";
let token: string | null = null;
let account: Account = { status: "unknown", user: null };
let renewing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

export const accessToken = (): string | null => token;
export const currentAccount = (): Account => account;

/** Was somebody signed in here, as far as this browser knows? Without a network nobody can say more. */
export const wasSignedIn = (): boolean => localStorage.getItem(flag) !== null;

/** Takes the answer of login or renewal. */
export function signIn(answer: SignedIn): void {
  token = answer.token;
  localStorage.setItem(flag, "1");
  publish({ status: "signed-in", user: answer.user });
}

/** Replaces what is shown of the user, after a change of profile. */
export function updateUser(user: User): void {
  publish({ status: "signed-in", user });
}

/** Forgets the account in this tab; the caller tells the server. */
export function signOutHere(): void {
  token = null;
  localStorage.removeItem(flag);
  dropTickets();
  publish({ status: "guest", user: null });
}

/** Settles who is signed in, once, when the shop starts. */
export async function settle(): Promise<Account> {
  if (account.status !== "unknown") return account;
  if (localStorage.getItem(flag) === null) publish({ status: "guest", user: null });
  else if (!(await renew(null)) && account.status === "unknown") publish({ status: "guest", user: null });
  return account;
}

/**
 * Gets a new access token in place of `stale`; false if the account must sign in again.
 * Renewals of all tabs go one after another: the refresh token rotates, and a used one ends the session.
 */
export function renew(stale: string | null): Promise<boolean> {
  if (token !== stale) return Promise.resolve(token !== null);
  renewing ??= exclusively(askForRenewal).finally(() => {
    renewing = null;
  });
  return renewing;
}

async function askForRenewal(): Promise<boolean> {
  const response = await fetch("/api/v1/users/refresh", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
    credentials: "same-origin",
  }).catch(() => null);
  if (response === null) return false;
  if (!response.ok) {
    if (response.status === 401 || response.status === 400) signOutHere();
    return false;
  }
  signIn((await response.json()) as SignedIn);
  return true;
}

async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request("rushline.renew", work) : work();
}

function publish(next: Account): void {
  account = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The account, kept up to date. */
export const useAccount = (): Account => useSyncExternalStore(subscribe, currentAccount);

/** May this user open the organiser's pages? */
export const isOrganiser = (user: User | null): boolean =>
  user?.user_type === "organizer" || user?.user_type === "admin";

/** May this user see and steer the whole house? */
export const isAdmin = (user: User | null): boolean => user?.user_type === "admin";

/** May this user check tickets in? */
export const isGateStaff = (user: User | null): boolean => user?.user_type === "gate" || isOrganiser(user);
