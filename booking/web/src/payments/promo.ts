import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import { asProblem } from "../api/problem";
import type { AppliedPromo, Discounted } from "../api/types";
import { forget, recall, remember } from "../ui/storage";

/** Most people have no code: the server is asked for one only where this tab used one, or when the field is opened. */
const keyOf = (hold: string) => `rushline.promo.${hold}`;
const isTrue = (value: unknown): value is true => value === true;

/** Did this tab put a code on the hold? */
export const wasPromoUsed = (hold: string): boolean => recall(keyOf(hold), isTrue) !== null;

/** The code on a hold, or null. */
export const promoQuery = (hold: string) =>
  queryOptions({
    queryKey: ["promo", hold],
    queryFn: async ({ signal }): Promise<AppliedPromo | null> => {
      try {
        return await request("GET", "/api/v1/holds/{hold}/promo", { path: { hold }, signal });
      } catch (error) {
        if (asProblem(error).status === 404) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Lowers the prices of a hold. The same code again changes nothing. */
export async function applyPromo(hold: string, code: string): Promise<Discounted> {
  const discounted = await request("POST", "/api/v1/holds/{hold}/promo", { path: { hold }, body: { code } });
  remember(keyOf(hold), true);
  return discounted;
}

/** Takes the code off; that it is off already is as good. */
export async function removePromo(hold: string): Promise<void> {
  try {
    await request("DELETE", "/api/v1/holds/{hold}/promo", { path: { hold } });
  } catch (error) {
    if (asProblem(error).status !== 404) throw error;
  }
  forget(keyOf(hold));
}

/** What the tickets cost without the code. */
export const priceBefore = (total_minor: number, promo: Pick<AppliedPromo, "discount_minor">): number =>
  total_minor + promo.discount_minor;
