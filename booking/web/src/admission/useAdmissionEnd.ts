import { useNow } from "../ui/clock";
import { admissionEndsMs } from "./tokens";

/** When the visit to a room's sale ends, in milliseconds since 1970, looked up each second: it can be lengthened. Null without one. */
export function useAdmissionEnd(room: string | null): number | null {
  useNow();
  return room === null ? null : admissionEndsMs(room);
}
