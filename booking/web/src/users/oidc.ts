import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import { signIn } from "./session";
import { bareCode } from "./totp";
import { say } from "./words";

/** The provider that people may sign in with, if the operator has one. */
export const providerQuery = () =>
  queryOptions({
    queryKey: ["oidc"],
    queryFn: ({ signal }) => request("GET", "/api/v1/users/oidc", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    // Signing in by password must not wait for it.
    retry: false,
  });

/** Where the browser goes to sign in with the provider; it comes back to `/login?oidc=…`. */
export const startAddress = (start: string, returnTo: string | undefined): string =>
  returnTo === undefined ? start : `${start}?${new URLSearchParams({ return_to: returnTo }).toString()}`;

/** Ends the sign-in that the provider's answer began; where the account has a second factor, with a code of it. */
export async function finishProvider(code: string): Promise<void> {
  const factor = bareCode(code);
  signIn(await request("POST", "/api/v1/users/oidc/finish", { body: factor === "" ? {} : { code: factor } }));
}

const refusals = {
  "oidc-email-unverified": "oidcUnverified",
  "oidc-refused": "oidcRefused",
  "oidc-invalid": "oidcInvalid",
  "oidc-over": "oidcOver",
  "oidc-unavailable": "oidcUnavailable",
} as const;

/** What a refusal of the provider means, and what to do; one we don't know is told as an answer that doesn't fit. */
export const refusalText = (slug: string): string =>
  say(Object.hasOwn(refusals, slug) ? refusals[slug as keyof typeof refusals] : "oidcInvalid");
