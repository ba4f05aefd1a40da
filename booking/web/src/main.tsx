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

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
void begin().then(() =>
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Shop />
      </QueryClientProvider>
    </StrictMode>,
  ),
);
