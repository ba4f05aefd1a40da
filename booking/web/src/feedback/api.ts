import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import { asProblem } from "../api/problem";
import type { Feedback } from "../api/types";

/** What I said of an event, or null when I said nothing yet. */
export const feedbackQuery = (event: number) =>
  queryOptions({
    queryKey: ["feedback", event],
    queryFn: async ({ signal }): Promise<Feedback | null> => {
      try {
        return await request("GET", "/api/v1/events/{id}/feedback/mine", { path: { id: event }, signal });
      } catch (error) {
        if (asProblem(error).status === 404) return null;
        throw error;
      }
    },
  });

/** Says it, in place of what was said before. */
export const giveFeedback = (event: number, rating: number, text: string): Promise<Feedback> =>
  request("PUT", "/api/v1/events/{id}/feedback", { path: { id: event }, body: { rating, text } });
