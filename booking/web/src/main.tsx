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

/** The page is shown whole at once instead of in pieces, if what it needs comes this soon after its scripts. */
const longestWait_ms = 600;
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

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
void Promise.all([begin(), Promise.race([isWhole(), later(longestWait_ms)])]).then(() =>
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Shop />
      </QueryClientProvider>
    </StrictMode>,
  ),
);
