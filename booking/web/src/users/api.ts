import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import { signIn, signOutHere, updateUser } from "./session";
import { bareCode } from "./totp";

/** Signs in; where the account has a second factor, with a code of it. */
export async function login(email: string, password: string, code = ""): Promise<void> {
  const factor = bareCode(code);
  signIn(
    await request("POST", "/api/v1/users/login", {
      body: { email, password, ...(factor === "" ? {} : { code: factor }) },
    }),
  );
}

/** Creates an account and signs it in. */
export async function register(name: string, email: string, password: string): Promise<void> {
  await request("POST", "/api/v1/users/register", {
    body: { name, email, password },
  });
  await login(email, password);
}

/** Signs out here at once; that the server can't be told is no reason to stay signed in. */
export async function logout(): Promise<void> {
  await request("POST", "/api/v1/users/logout", { body: {} }).catch(() => undefined);
  signOutHere();
}

export const verifyEmail = (token: string): Promise<void> =>
  request("POST", "/api/v1/users/verify-email", { body: { token } });

export const forgotPassword = (email: string): Promise<void> =>
  request("POST", "/api/v1/users/forgot-password", { body: { email } });

export const resetPassword = (token: string, password: string): Promise<void> =>
  request("POST", "/api/v1/users/reset-password", {
    body: { token, password },
  });

export async function changeName(name: string): Promise<void> {
  updateUser(await request("PATCH", "/api/v1/users/me", { body: { name } }));
}

export async function changePassword(current: string, next: string): Promise<void> {
  await request("PATCH", "/api/v1/users/me", { body: { current_password: current, password: next } });
}

/** A guest's first password: from then on there is an account. */
export async function choosePassword(password: string): Promise<void> {
  updateUser(await request("PATCH", "/api/v1/users/me", { body: { password } }));
}

/** Mails the link that proves the address once more. */
export const resendVerification = (): Promise<void> => request("POST", "/api/v1/users/me/verification");

/** The account with what a login doesn't tell: is the address proven? */
export const meQuery = () =>
  queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => request("GET", "/api/v1/users/me", { signal }) });

/** Deletes the account for good. */
export async function deleteAccount(): Promise<void> {
  await request("DELETE", "/api/v1/users/me");
  signOutHere();
}
