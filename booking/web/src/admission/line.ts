import { request } from "../api/client";
import { accessToken, renew, settle } from "../users/session";
import { expiryOf, queueAddress } from "./tokens";

/** A token with less left than this is renewed before it is handed over. */
const spareMs = 120_000;

/**
 * Goes to a room's line. Its page is given the account's token only where joining asks for an account, and in the
 * address's fragment, which no server and no log sees.
 */
export async function goToLine(room: string, go: (address: string) => void): Promise<void> {
  const token = (await asksForAccount(room)) ? await freshToken(Date.now()) : null;
  go(token === null ? queueAddress(room) : `${queueAddress(room)}#account=${token}`);
}

/** Without an answer: no. The line's page finds out by itself, and leads here. */
const asksForAccount = (room: string): Promise<boolean> =>
  request("GET", "/api/v1/rooms/{room}", { path: { room } }).then(
    ({ one_per_account }) => one_per_account,
    () => false,
  );

async function freshToken(nowMs: number): Promise<string | null> {
  await settle();
  const token = accessToken();
  if (token !== null && (expiryOf(token) ?? 0) - nowMs < spareMs) await renew(token);
  return accessToken();
}
