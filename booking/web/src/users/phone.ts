import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import type { PhoneLanguage, PhoneStatus } from "../api/types";
import { bareCode } from "./totp";

const PHONE = "/api/v1/users/me/phone";

/** Whether this shop sends text messages, and to which number of mine. */
export const phoneQuery = () =>
  queryOptions({ queryKey: ["phone"], queryFn: ({ signal }) => request("GET", PHONE, { signal }) });

/** Gives a number, in place of the one there was; a code is sent to it. */
export const setPhone = (number: string, language: PhoneLanguage): Promise<PhoneStatus> =>
  request("PUT", PHONE, { body: { number, language } });

/** Proves the number with the code that was sent to it. */
export const verifyPhone = (code: string): Promise<PhoneStatus> =>
  request("POST", `${PHONE}/verify`, { body: { code: bareCode(code) } });

/** Switches messages on or off. */
export const changePhone = (texts: boolean): Promise<PhoneStatus> => request("PATCH", PHONE, { body: { texts } });

/** Takes the number away. */
export const removePhone = (): Promise<void> => request("DELETE", PHONE);
