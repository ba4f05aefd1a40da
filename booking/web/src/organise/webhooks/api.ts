import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { nextCursor, requestAnswer, requestAs } from "../../api/client";
import type { DeliveryState, Endpoint } from "./rules";

/** A message to an endpoint and what became of it. */
export interface Delivery {
  id: string;
  message: string;
  kind: string;
  state: DeliveryState;
  attempts: number;
  status: number | null;
  error: string | null;
  next_attempt_at: string | null;
  created_at: string;
  ended_at: string | null;
}

/** A delivery with what was sent and each attempt. */
export interface DeliveryDetail extends Delivery {
  body: string;
  log: { at: string; status: number | null; duration_ms: number; error: string | null; answer: string | null }[];
}

export interface EndpointChange {
  url?: string;
  kinds?: string[];
  description?: string;
  paused?: boolean;
}

const endpoint = (id: string) => ({ path: { id } });

export const webhooksQuery = () =>
  queryOptions({
    queryKey: ["organise", "webhooks"],
    queryFn: ({ signal }) => requestAs<Endpoint[]>("GET", "/api/v1/webhooks", { signal }),
  });

const settlingPollMs = 2_000;
const isUnderWay = (deliveries: readonly Delivery[]): boolean => deliveries.some(({ state }) => state === "pending");

/** The newest deliveries of an endpoint; while one is under way they are asked for every two seconds. */
export const deliveriesQuery = (id: string, state: DeliveryState | "") =>
  infiniteQueryOptions({
    queryKey: ["organise", "webhooks", id, "deliveries", state],
    queryFn: async ({ pageParam, signal }) => {
      const { body, headers } = await requestAnswer<Delivery[]>("GET", "/api/v1/webhooks/{id}/deliveries", {
        ...endpoint(id),
        query: { state, cursor: pageParam, limit: 20 },
        signal,
      });
      return { items: body, next: nextCursor(headers.get("Link")) };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state: query }) =>
      query.data?.pages.some(({ items }) => isUnderWay(items)) ? settlingPollMs : false,
  });

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["organise", "webhook-delivery", id],
    queryFn: ({ signal }) =>
      requestAs<DeliveryDetail>("GET", "/api/v1/webhook-deliveries/{id}", { ...endpoint(id), signal }),
    refetchInterval: ({ state }) => (state.data?.state === "pending" ? settlingPollMs : false),
  });

export const addWebhook = (wanted: {
  url: string;
  kinds: string[];
  description: string;
}): Promise<Endpoint & { secret: string }> => requestAs("POST", "/api/v1/webhooks", { body: wanted });

export const changeWebhook = (id: string, change: EndpointChange): Promise<Endpoint> =>
  requestAs("PATCH", "/api/v1/webhooks/{id}", { ...endpoint(id), body: change });

export const deleteWebhook = (id: string): Promise<void> => requestAs("DELETE", "/api/v1/webhooks/{id}", endpoint(id));

/** A new secret; for a while messages are signed with both. */
export const renewSecret = (id: string): Promise<{ secret: string; overlap_until: string }> =>
  requestAs("POST", "/api/v1/webhooks/{id}/secret", endpoint(id));

/** Sends a message that means nothing, to see whether it arrives. */
export const pingWebhook = (id: string): Promise<{ delivery: string }> =>
  requestAs("POST", "/api/v1/webhooks/{id}/ping", endpoint(id));

export const replayDelivery = (id: string): Promise<{ delivery: string }> =>
  requestAs("POST", "/api/v1/webhook-deliveries/{id}/replay", endpoint(id));

/** Sends what was not delivered since an instant; at most 1,000 at a time. */
export const replaySince = (id: string, since: string): Promise<{ replayed: number }> =>
  requestAs("POST", "/api/v1/webhooks/{id}/replay", { ...endpoint(id), body: { since } });
