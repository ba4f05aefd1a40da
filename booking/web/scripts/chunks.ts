import type { Rolldown } from "vite";
import { earlyPages } from "./early.ts";

/** Libraries that every page needs: they change seldom, and stay in browsers' caches when the pages change. */
const libraries = /node_modules\/(react|react-dom|scheduler|use-sync-external-store|@tanstack)\//;

/**
 * Few files instead of many, for each costs a turn on a slow network: the libraries, what the shop's start imports beside them,
 * and what the pages that are opened most share. All else follows its page.
 */
export const chunkGroups: Rolldown.CodeSplittingGroup[] = [
  { name: "vendor", test: libraries, tags: ["$initial"], priority: 3 },
  { name: "shop", tags: ["$initial"], priority: 2 },
  { name: sharedByEarlyPages(), debugName: "pages", priority: 1 },
];

/** `pages` for a module that at least two of the early pages import, at first or second hand. */
function sharedByEarlyPages(): Rolldown.CodeSplittingNameFunction {
  let shared: Set<string> | null = null;
  return (id, modules) => {
    shared ??= sharedOf(modules);
    return shared.has(id) ? "pages" : null;
  };
}

function sharedOf(modules: Rolldown.ChunkingContext): Set<string> {
  const reached = Object.values(earlyPages).map((file) => reachedFrom(file, modules));
  const counts = new Map<string, number>();
  for (const id of reached.flatMap((each) => [...each])) counts.set(id, (counts.get(id) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > 1).map(([id]) => id));
}

function reachedFrom(file: string, modules: Rolldown.ChunkingContext): Set<string> {
  const found = new Set<string>();
  const follow = (id: string): void => {
    const module = modules.getModuleInfo(id);
    if (module === null || found.has(id)) return;
    found.add(id);
    module.importedIds.forEach(follow);
  };
  follow(file);
  return found;
}
