import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import { asProblem } from "../api/problem";
import type { Rsvp, RsvpAnswer, Ticket } from "../api/types";
import { keepTicket, keptTicket } from "./kept";

/** A ticket with its code; without a network as it was when it was last opened here. */
export const ticketQuery = (code: string) =>
  queryOptions({
    queryKey: ["ticket", code],
    queryFn: async ({ signal }): Promise<Ticket> => {
      try {
        const ticket = await request("GET", "/api/v1/tickets/{code}", { path: { code }, signal });
        keepTicket(ticket);
        return ticket;
      } catch (error) {
        const kept = asProblem(error).status === 0 ? keptTicket(code) : null;
        if (kept === null) throw error;
        return kept;
      }
    },
    gcTime: Number.POSITIVE_INFINITY,
    staleTime: 30_000,
  });

/** Offers a ticket to someone else; it stays the sender's until they accept. */
export const transferTicket = (code: string, email: string, key: string): Promise<unknown> =>
  request("POST", "/api/v1/tickets/{code}/transfer", {
    path: { code },
    body: { email },
    idempotencyKey: key,
  });

/** Whether the holder said she comes. */
export const rsvpQuery = (code: string) =>
  queryOptions({
    queryKey: ["ticket", code, "rsvp"],
    queryFn: ({ signal }) => request("GET", "/api/v1/tickets/{code}/rsvp", { path: { code }, signal }),
  });

export const answerRsvp = (code: string, answer: RsvpAnswer): Promise<Rsvp> =>
  request("PUT", "/api/v1/tickets/{code}/rsvp", { path: { code }, body: { answer } });

/** What is offered behind a link of a mail; the token is its secret. */
export const offerQuery = (transfer: string, token: string) =>
  queryOptions({
    queryKey: ["transfer", transfer],
    queryFn: ({ signal }) =>
      request("POST", "/api/v1/transfers/{id}", { path: { id: transfer }, body: { token }, signal }),
    retry: false,
  });

/** Takes an offered ticket; the giver's code stops working. */
export const acceptTransfer = (transfer: string, token: string): Promise<Ticket> =>
  request("POST", "/api/v1/transfers/{id}/accept", {
    path: { id: transfer },
    body: { token },
    idempotencyKey: `accept-${transfer}`,
  });
