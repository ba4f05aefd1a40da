import { JoinLine } from "../admission/JoinLine";
import type { Problem } from "../api/problem";
import { buttonClass } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

const words: Record<string, [title: string, text: string]> = {
  "queue-required": ["This sale has a line", "Join it first. You come straight back here when it's your turn."],
  "admission-expired": [
    "Your turn has ended",
    "Turns are limited so that everyone gets one. You can join the line again.",
  ],
  "admission-not-yours": [
    "This turn belongs to another browser",
    "Use the browser you waited in, or join the line here.",
  ],
  "admission-used": ["This turn was already used", "Each turn works in one browser only. You can join the line again."],
};

/** The way back to the line, when the shop no longer lets this tab buy. */
export function QueueDialog(props: { room: string | null; reason: Problem | null; onClose: () => void }) {
  const { room, reason, onClose } = props;
  const [title, text] = words[reason?.slug ?? ""] ?? [
    "Your turn isn't valid any more",
    "Join the line again to go on.",
  ];
  return (
    <Dialog open={room !== null} title={title} onClose={onClose}>
      <p className="mb-5 text-soft">{text}</p>
      {room !== null && (
        <JoinLine room={room} className={buttonClass("primary", "large", "w-full")}>
          Go to the line
        </JoinLine>
      )}
    </Dialog>
  );
}
