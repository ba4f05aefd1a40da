import { infiniteQueryOptions } from "@tanstack/react-query";
import { request, requestPage } from "../../api/client";
import type { Job, User } from "../../api/types";
import type { JobSearch } from "./search";

export type Role = User["user_type"];

/** What accounts are searched by. */
export interface PeopleSearch {
  q: string;
  user_type: Role | "";
}

const peoplePage = (search: PeopleSearch, cursor: string | null, limit: number, signal?: AbortSignal) =>
  requestPage("/api/v1/admin/users", {
    query: { q: search.q, user_type: search.user_type || null, cursor, limit },
    ...(signal ? { signal } : {}),
  });

export const peopleQuery = (search: PeopleSearch) =>
  infiniteQueryOptions({
    queryKey: ["organise", "people", search],
    queryFn: ({ pageParam, signal }) => peoplePage(search, pageParam, 50, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** A page of accounts for a file. */
export const peopleForFile = (search: PeopleSearch) => (cursor: string | null) => peoplePage(search, cursor, 500);

export const changeRole = (user: string, role: Role): Promise<User> =>
  request("PATCH", "/api/v1/admin/users/{id}", { path: { id: user }, body: { user_type: role } });

/** Switches off somebody's second factor; 404 where there is none. */
export const resetFactor = (user: string): Promise<undefined> =>
  request("DELETE", "/api/v1/admin/users/{id}/totp", { path: { id: user } });

/** What the audit log is searched by; empty texts say nothing. */
export interface AuditSearch {
  subject: string;
  action: string;
  user_id: string;
}

const auditPage = (search: AuditSearch, cursor: string | null, limit: number, signal?: AbortSignal) =>
  requestPage("/api/v1/admin/audit", {
    query: { ...search, cursor: cursor === null ? null : Number(cursor), limit },
    ...(signal ? { signal } : {}),
  });

export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["organise", "audit", search],
    queryFn: ({ pageParam, signal }) => auditPage(search, pageParam, 50, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** A page of acts for a file. */
export const auditForFile = (search: AuditSearch) => (cursor: string | null) => auditPage(search, cursor, 500);

const jobsPage = 50;
const jobsLookMs = 5_000;

export const jobsQuery = ({ status, kind }: JobSearch) =>
  infiniteQueryOptions({
    queryKey: ["organise", "jobs", status, kind],
    queryFn: ({ pageParam, signal }) =>
      request("GET", "/api/v1/admin/jobs", { query: { status, kind, before: pageParam, limit: jobsPage }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length === jobsPage ? page.at(-1)?.id : undefined),
    refetchInterval: jobsLookMs,
  });

export const redrive = (job: string): Promise<Job> =>
  request("POST", "/api/v1/admin/jobs/{id}/redrive", { path: { id: job } });
