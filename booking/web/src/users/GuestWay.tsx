import { Link } from "@tanstack/react-router";
import { to } from "../paths";
import { buttonClass } from "../ui/Button";
import { isBuying } from "./guests";
import { say } from "./words";

/** The way on without an account, for those who came here to buy. */
export function GuestWay({ next }: { next: string | undefined }) {
  if (!isBuying(next)) return null;
  return (
    <div className="mt-8 grid gap-3 border-t-2 border-dashed border-line pt-6">
      <Link {...to.guest(next)} className={buttonClass("quiet", "large", "w-full")}>
        {say("asGuest")}
      </Link>
      <p className="text-sm text-soft">{say("asGuestText")}</p>
    </div>
  );
}
