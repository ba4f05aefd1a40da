import { JoinLine } from "../admission/JoinLine";
import type { Problem } from "../api/problem";
import { buttonClass } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { say } from "./words";

/** What a refusal means for the fan; its title and, with `Text` added, the advice are keys of `words.ts`. */
const meanings = {
  "queue-required": "hasLine",
  "admission-expired": "turnEnded",
  "admission-not-yours": "notYours",
  "admission-used": "turnUsed",
} as const;

const meaningOf = (slug: string | undefined) =>
  slug !== undefined && Object.hasOwn(meanings, slug) ? meanings[slug as keyof typeof meanings] : "turnInvalid";

/** The way back to the line, when the shop no longer lets this tab buy. */
export function QueueDialog(props: { room: string | null; reason: Problem | null; onClose: () => void }) {
  const { room, reason, onClose } = props;
  const meaning = meaningOf(reason?.slug);
  return (
    <Dialog open={room !== null} title={say(meaning)} onClose={onClose}>
      <p className="mb-5 text-soft">{say(`${meaning}Text`)}</p>
      {room !== null && (
        <JoinLine room={room} className={buttonClass("primary", "large", "w-full")}>
          {say("toLine")}
        </JoinLine>
      )}
    </Dialog>
  );
}
