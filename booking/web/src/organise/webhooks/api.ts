import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { request, requestPage } from "../../api/client";
import type { Delivery, NewWebhook, WebhookChange } from "../../api/types";
import type { DeliveryState } from "./rules";

const endpoint = (id: string) => ({ path: { id } });

export const webhooksQuery = () =>
  queryOptions({
    queryKey: ["organise", "webhooks"],
    queryFn: ({ signal }) => request("GET", "/api/v1/webhooks", { signal }),
  });

const settlingPollMs = 2_000;
const isUnderWay = (deliveries: readonly Delivery[]): boolean => deliveries.some(({ state }) => state === "pending");

/** The newest deliveries of an endpoint; while one is under way they are asked for every two seconds. */
export const deliveriesQuery = (id: string, state: DeliveryState | "") =>
  infiniteQueryOptions({
    queryKey: ["organise", "webhooks", id, "deliveries", state],
    queryFn: ({ pageParam, signal }) =>
      requestPage("/api/v1/webhooks/{id}/deliveries", {
        ...endpoint(id),
        query: { state: state || null, cursor: pageParam, limit: 20 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state: query }) =>
      query.data?.pages.some(({ items }) => isUnderWay(items)) ? settlingPollMs : false,
  });

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["organise", "webhook-delivery", id],
    queryFn: ({ signal }) => request("GET", "/api/v1/webhook-deliveries/{id}", { ...endpoint(id), signal }),
    refetchInterval: ({ state }) => (state.data?.state === "pending" ? settlingPollMs : false),
  });

export const addWebhook = (wanted: NewWebhook) => request("POST", "/api/v1/webhooks", { body: wanted });

export const changeWebhook = (id: string, change: WebhookChange) =>
  request("PATCH", "/api/v1/webhooks/{id}", { ...endpoint(id), body: change });

export const deleteWebhook = (id: string) => request("DELETE", "/api/v1/webhooks/{id}", endpoint(id));

/** A new secret; for a while messages are signed with both. */
export const renewSecret = (id: string) => request("POST", "/api/v1/webhooks/{id}/secret", endpoint(id));

/** Sends a message that means nothing, to see whether it arrives. */
export const pingWebhook = (id: string) => request("POST", "/api/v1/webhooks/{id}/ping", endpoint(id));

export const replayDelivery = (id: string) => request("POST", "/api/v1/webhook-deliveries/{id}/replay", endpoint(id));

/** Sends what was not delivered since an instant; at most 1,000 at a time. */
export const replaySince = (id: string, since: string) =>
  request("POST", "/api/v1/webhooks/{id}/replay", { ...endpoint(id), body: { since } });
