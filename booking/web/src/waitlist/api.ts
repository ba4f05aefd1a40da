import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import { asProblem } from "../api/problem";
import type { WaitingEntry } from "../api/types";

/** While one waits the page asks again this often; the mail comes in any case. */
const askAgainMs = 15_000;

/** My entry in a session's waiting list, or null when I never was on it. */
export const entryQuery = (session: number) =>
  queryOptions({
    queryKey: ["waiting-list", session],
    queryFn: async ({ signal }): Promise<WaitingEntry | null> => {
      try {
        return await request("GET", "/api/v1/sessions/{id}/waiting-list", { path: { id: session }, signal });
      } catch (error) {
        if (asProblem(error).status === 404) return null;
        throw error;
      }
    },
    refetchInterval: ({ state }) => (state.data?.state === "waiting" ? askAgainMs : false),
  });

export const joinList = (session: number, quantity: number): Promise<WaitingEntry> =>
  request("POST", "/api/v1/sessions/{id}/waiting-list", { path: { id: session }, body: { quantity } });

/** Gives up one's turn, and an offer with it. */
export const leaveList = (session: number): Promise<void> =>
  request("DELETE", "/api/v1/sessions/{id}/waiting-list", { path: { id: session } });
