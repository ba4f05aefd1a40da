import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

const key = "rushline.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

const chosen = (): Theme | null => {
  const value = localStorage.getItem(key);
  return value === "light" || value === "dark" ? value : null;
};

const current = (): Theme => chosen() ?? (system.matches ? "dark" : "light");

/** Shows the chosen theme, or the system's; call once before the first paint. */
export function applyTheme(): void {
  const choice = chosen();
  if (choice) document.documentElement.dataset["theme"] = choice;
  else delete document.documentElement.dataset["theme"];
  for (const listener of listeners) listener();
}

/** Chooses the other theme; choosing what the system has anyway follows the system again. */
export function toggleTheme(): void {
  const next: Theme = current() === "dark" ? "light" : "dark";
  if ((next === "dark") === system.matches) localStorage.removeItem(key);
  else localStorage.setItem(key, next);
  applyTheme();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  system.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", listener);
  };
}

/** The theme in use now. */
export const useTheme = (): Theme => useSyncExternalStore(subscribe, current);
