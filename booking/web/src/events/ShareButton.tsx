import type { EventDetail } from "../api/types";
import { buttonClass } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { toast } from "../ui/Toast";
import { posterOf } from "./poster";
import { say } from "./words";

/** Passes the event on: by the device's own sheet where it has one, else by copying the link. */
export function ShareButton({ event }: { event: EventDetail }) {
  const { dark } = posterOf(event);
  const share = async () => {
    const link = { title: event.name, url: window.location.origin + window.location.pathname };
    if (typeof navigator.share === "function") return navigator.share(link);
    await navigator.clipboard.writeText(link.url);
    toast("good", say("shared"));
  };
  return (
    <button
      type="button"
      // A sheet that was closed without a choice is no failure, and without a clipboard the address bar has the link.
      onClick={() => void share().catch(() => undefined)}
      className={buttonClass(
        "plain",
        "small",
        `border border-current min-h-11! ${dark ? "text-white! hover:bg-white/15" : "text-black! hover:bg-black/10"}`,
      )}
    >
      <Icon name="send" />
      {say("share")}
    </button>
  );
}
