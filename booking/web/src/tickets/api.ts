import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import type { Ticket } from "../api/types";

/** A ticket with its code; kept for the whole visit, so that it shows at a door without a network. */
export const ticketQuery = (code: string) =>
  queryOptions({
    queryKey: ["ticket", code],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/tickets/{code}", {
        path: { code },
        signal,
      }),
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
