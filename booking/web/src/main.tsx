import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { takeFromAddress } from "./admission/tokens";
import { begin, useLanguage } from "./languages/current";
import { queries, router } from "./routes";
import { applyTheme } from "./shell/theme";
import "./styles.css";
import { settle } from "./users/session";

/** All pages are mounted anew in another language: texts are looked up when they are drawn, wherever they stand. */
const Shop = () => <RouterProvider key={useLanguage()} router={router} />;

takeFromAddress();
applyTheme();
void settle();

/** The page's head may stand there already (`early/head.ts`); it stays until the page can be shown whole. */
const hasHead = (): boolean => (document.getElementById("root")?.childElementCount ?? 0) > 0;

/** Settles once the page's part and what it asked for have arrived, or failed to. */
async function isWhole(): Promise<void> {
  await router.load();
  await Promise.allSettled(
    queries
      .getQueryCache()
      .findAll({ fetchStatus: "fetching" })
      .map((query) => query.promise),
  );
}

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
void Promise.all([begin(), hasHead() ? isWhole() : null]).then(() =>
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Shop />
      </QueryClientProvider>
    </StrictMode>,
  ),
);
