import { queryOptions } from "@tanstack/react-query";
import { request } from "../../api/client";
import { offline, problemFrom } from "../../api/problem";
import { metricsOf, systemSampleOf, type SystemSample } from "./metrics";

const lookMs = 5_000;

/** The whole house in figures; for admins. */
export const dashboardQuery = () =>
  queryOptions({
    queryKey: ["organise", "dashboard"],
    queryFn: ({ signal }) => request("GET", "/api/v1/admin/dashboard", { signal }),
    refetchInterval: lookMs,
  });

/** The server's own figures. In production they answer on the operators' port only: then there is nothing here. */
export const systemQuery = () =>
  queryOptions({
    queryKey: ["organise", "system"],
    queryFn: async ({ signal }): Promise<SystemSample | null> => {
      const answer = await fetch("/metrics", { signal, credentials: "same-origin" }).catch(() => {
        throw offline();
      });
      if (answer.status === 404) return null;
      if (!answer.ok) throw problemFrom(answer.status, null, null);
      return systemSampleOf(metricsOf(await answer.text()), Date.now());
    },
    refetchInterval: (query) => (query.state.data === null ? false : lookMs),
  });
