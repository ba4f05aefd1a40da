import { useEffect, useState } from "react";
import { toggleTheme, useTheme } from "../shell/theme";
import { Button, buttonClass } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { timeText } from "../ui/time";
import { countUnsynced } from "./entries";
import { isKept } from "./install";
import { isMuted, setMuted } from "./signal";
import { desk, useDesk } from "./useDesk";

const square = "grid size-11 shrink-0 place-items-center rounded-md hover:bg-sunk";

/** Which gate this is, and how it stands with the server. */
export function GateBar() {
  const { kept } = useDesk();
  const [muted, mute] = useState(isMuted);
  const [isOpen, setOpen] = useState(false);
  if (kept === null) return null;
  const { door, gate } = kept;
  return (
    <header className="border-b border-line bg-paper">
      <div className="flex items-center gap-1 py-2 ps-4 pe-2">
        <div className="min-w-0 flex-1">
          <h1 className="poster truncate text-xl">{gate}</h1>
          <p className="truncate text-sm text-soft">
            {door.event_name} · {timeText(door.starts_at, "both", door.time_zone)}
          </p>
        </div>
        <button
          type="button"
          className={square}
          aria-label={muted ? "Switch sound on" : "Switch sound off"}
          onClick={() => {
            setMuted(!muted);
            mute(!muted);
          }}
        >
          <Icon name={muted ? "mute" : "sound"} />
        </button>
        <button
          type="button"
          className={square}
          aria-label="This gate"
          aria-haspopup="dialog"
          onClick={() => setOpen(true)}
        >
          <Icon name="door" />
        </button>
      </div>
      <LinkStrip />
      <Dialog open={isOpen} title={`Gate ${gate}`} onClose={() => setOpen(false)}>
        <GateMenu />
      </Dialog>
    </header>
  );
}

/** Online, offline or signed out, and what the server doesn't know yet. */
function LinkStrip() {
  const { link, entries, trouble, kept } = useDesk();
  const unsynced = countUnsynced(entries);
  const waiting = unsynced === 0 ? "" : `${unsynced} to sync`;
  const asOf = kept === null ? "" : `list of ${timeText(kept.along.as_of, "time")}`;
  const looks = {
    online: { tone: "bg-good-wash text-good", icon: "check", text: ["Online", waiting || "everything synced"] },
    offline: { tone: "bg-warn-wash text-warn", icon: "offline", text: ["Offline, working on", waiting, asOf] },
    "signed-out": { tone: "bg-bad-wash text-bad", icon: "alert", text: ["Signed out, working on", waiting] },
  } as const;
  const look = trouble === null ? looks[link] : { ...looks["signed-out"], text: [trouble, waiting] };
  return (
    <div
      role="status"
      className={`flex min-h-9 flex-wrap items-center gap-x-2 px-4 py-1.5 text-sm font-semibold ${look.tone}`}
    >
      <Icon name={look.icon} />
      <span className="figures">{look.text.filter(Boolean).join(" · ")}</span>
      {link === "signed-out" && (
        <a href="/login?next=/gate" className="ms-auto underline">
          Sign in to sync
        </a>
      )}
    </div>
  );
}

/** What the device keeps, and how to give it back. */
function GateMenu() {
  const { kept, book, entries } = useDesk();
  const theme = useTheme();
  const [isKeptHere, setKeptHere] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const unsynced = countUnsynced(entries);
  useEffect(() => {
    let isOver = false;
    void isKept().then((answer) => !isOver && setKeptHere(answer));
    return () => {
      isOver = true;
    };
  }, []);
  if (kept === null || book === null) return null;
  const facts: [string, string][] = [
    ["Performance", `${kept.door.event_name}, ${kept.door.venue}`],
    ["Tickets taken along", `${book.tickets.size}, as of ${timeText(kept.along.as_of, "time")}`],
    ["Let in by this device", String(entries.filter((entry) => !entry.isUndone).length)],
    ["Starts without a network", isKeptHere ? "Yes" : "Not yet: keep this page open online for a moment"],
  ];
  return (
    <div className="grid gap-5">
      <dl className="grid gap-3 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-6 border-b border-line pb-3">
            <dt className="text-soft">{name}</dt>
            <dd className="figures text-end font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="text-sm text-soft">
        The list has people's names. Closing the gate deletes it from this device; so does a day after the performance.
      </p>
      {isAsking && (
        <p role="alert" className="rounded-md bg-bad-wash p-3 text-sm font-semibold text-bad">
          {unsynced} {unsynced === 1 ? "entry is" : "entries are"} not synced and would be lost. Wait for the network
          first.
        </p>
      )}
      <div className="grid gap-2">
        <Button look="quiet" onClick={toggleTheme}>
          <Icon name={theme === "dark" ? "sun" : "moon"} /> {theme === "dark" ? "Light theme" : "Dark theme"}
        </Button>
        <a href="/" className={buttonClass("quiet")}>
          To the shop
        </a>
        <Button look="danger" onClick={() => (unsynced > 0 && !isAsking ? setAsking(true) : void desk.closeDoor())}>
          {isAsking ? "Close and lose them" : "Close the gate"}
        </Button>
      </div>
    </div>
  );
}
