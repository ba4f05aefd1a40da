import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import type { TotpSecret } from "../api/types";

/** Whether my logins need a code, and how many recovery codes are left. */
export const totpQuery = () =>
  queryOptions({
    queryKey: ["totp"],
    queryFn: ({ signal }) => request("GET", "/api/v1/users/me/totp", { signal }),
  });

/** Begins to set up a second factor; nothing changes until `confirmTotp`. */
export const enrolTotp = (): Promise<TotpSecret> => request("POST", "/api/v1/users/me/totp");

/** Codes are read out in groups, and typed so. */
export const bareCode = (typed: string): string => typed.replace(/\s/g, "");

/** Switches the second factor on and gives the recovery codes, which are shown this once. */
export const confirmTotp = async (code: string): Promise<string[]> =>
  (await request("POST", "/api/v1/users/me/totp/confirm", { body: { code: bareCode(code) } })).recovery_codes;

/** Switches it off, by a code of the app or a recovery code. */
export const disableTotp = (code: string): Promise<void> =>
  request("POST", "/api/v1/users/me/totp/disable", { body: { code: bareCode(code) } });

/** The key in groups of four, for those who type it in. */
export const grouped = (secret: string): string => secret.replace(/(.{4})(?=.)/g, "$1 ");
