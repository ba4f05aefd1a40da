import type { EventStatus } from "../api/types";
import type { Tone } from "../ui/Card";

/** How an event's state is called and coloured, everywhere. */
export const eventStatus: Record<EventStatus, { text: string; tone: Tone }> = {
  draft: { text: "Draft", tone: "warn" },
  published: { text: "Published", tone: "good" },
  completed: { text: "Over", tone: "plain" },
  cancelled: { text: "Cancelled", tone: "bad" },
};
