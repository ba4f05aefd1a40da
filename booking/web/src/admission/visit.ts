import { queryOptions } from "@tanstack/react-query";
import { offline, problemFrom } from "../api/problem";
import { keepAdmission } from "./tokens";

/** A visit to the shop, as the waiting room knows it. */
export interface Visit {
  /** How often it can still be lengthened. */
  renewals_left: number;
  admitted_until: string | null;
}

const placeAddress = (room: string) => `/api/v1/rooms/${encodeURIComponent(room)}/places/me`;

export const visitQuery = (room: string) =>
  queryOptions({
    queryKey: ["visit", room],
    queryFn: ({ signal }) => ask<Visit>(placeAddress(room), { signal }),
  });

/** Lengthens a visit and keeps its new token. Naming the end that is known makes it safe to repeat. */
export async function stayLonger(room: string, knownEnd: string | null): Promise<void> {
  const body = JSON.stringify({ expires_at: knownEnd });
  const headers = { "Content-Type": "application/json" };
  const renewed = await ask<{ admission_token: string }>(`${placeAddress(room)}/admission/renewal`, {
    method: "POST",
    headers,
    body,
  });
  keepAdmission(room, renewed.admission_token);
}

/** The waiting room knows the visitor by the place's cookie; the account's token would be taken for another place's. */
async function ask<Answer>(address: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(address, { ...init, cache: "no-store", credentials: "same-origin" }).catch(() => {
    throw offline();
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemFrom(response.status, body, response.headers.get("Retry-After"));
  return body as Answer;
}
