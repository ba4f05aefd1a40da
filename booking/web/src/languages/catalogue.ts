import type { say as admission } from "../admission/words";
import type { say as api } from "../api/words";
import type { say as bookings } from "../bookings/words";
import type { say as events } from "../events/words";
import type { say as feedback } from "../feedback/words";
import type { say as payments } from "../payments/words";
import type { say as seats } from "../seats/words";
import type { say as shell } from "../shell/words";
import type { say as tickets } from "../tickets/words";
import type { say as ui } from "../ui/words";
import type { say as phone } from "../users/phoneWords";
import type { say as users } from "../users/words";
import type { say as waitlist } from "../waitlist/words";
import type { KnownProblem } from "./problems";
import type { Translated } from "./speak";

/** All that fans read, in one language besides English. The type makes a missing text a mistake of the build. */
export interface Catalogue {
  admission: Translated<typeof admission.english>;
  api: Translated<typeof api.english>;
  bookings: Translated<typeof bookings.english>;
  events: Translated<typeof events.english>;
  feedback: Translated<typeof feedback.english>;
  payments: Translated<typeof payments.english>;
  phone: Translated<typeof phone.english>;
  seats: Translated<typeof seats.english>;
  shell: Translated<typeof shell.english>;
  tickets: Translated<typeof tickets.english>;
  ui: Translated<typeof ui.english>;
  users: Translated<typeof users.english>;
  waitlist: Translated<typeof waitlist.english>;
  /** What the server refuses, title and advice; in English its own words are shown. */
  problems: Record<KnownProblem, readonly [title: string, detail: string]>;
}
