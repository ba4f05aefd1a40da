import { request } from "../api/client";
import type { Admitted } from "../api/types";
import { isQr } from "./verdict";

/** Checks a ticket in, by its printed code or by what its QR code says. */
export const checkIn = (scanned: string, gate: string): Promise<Admitted> =>
  request("POST", "/api/v1/checkins", {
    body: {
      ...(isQr(scanned) ? { qr: scanned } : { code: scanned.toUpperCase() }),
      ...(gate ? { gate } : {}),
    },
  });
