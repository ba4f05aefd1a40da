import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { takeFromAddress } from "./admission/tokens";
import { queries, router } from "./routes";
import { applyTheme } from "./shell/theme";
import "./styles.css";
import { settle } from "./users/session";

takeFromAddress();
applyTheme();
void settle();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
