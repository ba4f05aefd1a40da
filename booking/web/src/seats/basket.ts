import { useSyncExternalStore } from "react";
import { forget, recall, remember } from "../ui/storage";

/** The hold this tab has going, so that every page can lead back to it. */
export interface Basket {
  hold: string;
  session: number;
  expires_at: string;
  tickets: number;
}

const key = "rushline.basket";
const isBasket = (value: unknown): value is Basket =>
  typeof value === "object" && value !== null && "hold" in value && "session" in value && "expires_at" in value;

let basket: Basket | null = recall(key, isBasket);
const listeners = new Set<() => void>();

/** Keeps, replaces or (with null) forgets the hold under way. */
export function setBasket(next: Basket | null): void {
  basket = next;
  if (next) remember(key, next);
  else forget(key);
  for (const listener of listeners) listener();
}

export const useBasket = (): Basket | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => basket,
  );
