import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { timeText } from "../ui/time";
import type { DeskState, Scan } from "./desk";
import { type Entry, isConflict, workOf } from "./entries";
import { LightShape } from "./VerdictScreen";
import { desk, useDesk } from "./useDesk";
import { reasonText } from "./verdict";

const marks = { green: "text-good", yellow: "text-warn", red: "text-bad" } as const;

/** What happened here, what the server objects to, and how full each gate made the house. */
export function LogPane() {
  const state = useDesk();
  return (
    <div className="grid content-start gap-8 p-4 sm:p-5">
      <Conflicts state={state} />
      <Gates state={state} />
      <Scans state={state} />
    </div>
  );
}

interface ConflictLine {
  key: string;
  code: string;
  holder: string | null;
  text: string;
}

/** Tickets that came in twice, and entries made here that the server would have refused. */
function Conflicts({ state: { kept, book, entries } }: { state: DeskState }) {
  if (kept === null || book === null) return null;
  const holderOf = (code: string) => book.tickets.get(book.codes.get(code) ?? "")?.holder_name ?? null;
  const shared: ConflictLine[] = kept.counts.conflicts.map((each) => ({
    key: `${each.ticket_code}${each.at}${each.gate}`,
    code: each.ticket_code,
    holder: holderOf(each.ticket_code),
    text: `${each.first_used_at ? `In at ${timeText(each.first_used_at, "time")} by ${each.first_gate ?? "another gate"}, then` : "Came in second,"} at ${timeText(each.at, "time")} by ${each.gate}.`,
  }));
  // Those that came second are in the server's list, for all gates to see; the rest only this device knows.
  const own = entries
    .filter((entry) => isConflict(entry) && entry.result?.result !== "already-used")
    .map((entry) => ownLine(entry, whomOf(entry, book)));
  const lines = [...own, ...shared];
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby="conflicts">
      <h2 id="conflicts" className="heading mb-1 flex items-center gap-2 text-xl">
        <Icon name="alert" className="text-bad" /> Conflicts
      </h2>
      <p className="mb-3 text-sm text-soft">
        Let in without a network, and not in order. The holders are inside: look into it.
      </p>
      <ul className="grid gap-2">
        {lines.map((line) => (
          <li key={line.key} className="rounded-lg bg-bad-wash px-4 py-3">
            <p className="flex flex-wrap justify-between gap-x-4 font-semibold">
              <span>{line.holder ?? "Not on the list"}</span>
              <span className="font-mono text-sm">{line.code}</span>
            </p>
            <p className="figures text-sm">{line.text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const whomOf = (entry: Entry, book: NonNullable<DeskState["book"]>) => {
  const ticket = entry.ticket === null ? undefined : book.tickets.get(entry.ticket);
  return { code: ticket?.code ?? ("code" in entry.shown ? entry.shown.code : ""), holder: ticket?.holder_name ?? null };
};

const ownLine = (entry: Entry, whom: { code: string; holder: string | null }): ConflictLine => ({
  key: entry.id,
  ...whom,
  text: `Let in at ${timeText(entry.at, "time")} by ${entry.gate}. ${
    entry.result?.result === "rejected" ? (entry.result.reason ?? "") : reasonText(entry.result?.reason ?? null)
  }`,
});

function Gates({ state: { kept } }: { state: DeskState }) {
  const gates = kept?.counts.gates ?? [];
  if (gates.length === 0) return null;
  const most = Math.max(...gates.map((gate) => gate.checked_in));
  return (
    <section aria-labelledby="gates">
      <h2 id="gates" className="heading mb-3 text-xl">
        By gate
      </h2>
      <ul className="grid gap-3">
        {gates.map((gate) => (
          <li key={gate.gate}>
            <p className="flex justify-between gap-4 text-sm font-semibold">
              <span className="truncate">{gate.gate}</span>
              <span className="figures">{gate.checked_in}</span>
            </p>
            <div aria-hidden="true" className="mt-1 h-1.5 rounded-full bg-sunk">
              <div className="h-full rounded-full bg-flare" style={{ width: `${(gate.checked_in / most) * 100}%` }} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Scans({ state: { log, entries } }: { state: DeskState }) {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const lastId = log.find((scan) => scan.entry !== null && byId.get(scan.entry)?.isUndone === false)?.entry;
  return (
    <section aria-labelledby="scans">
      <h2 id="scans" className="heading mb-3 text-xl">
        Scans
      </h2>
      {log.length === 0 && <p className="text-soft">What this gate decides is listed here, the newest first.</p>}
      <ol className="grid">
        {log.map((scan) => (
          <ScanLine key={scan.key} scan={scan} entry={byId.get(scan.entry ?? "")} isLast={scan.entry === lastId} />
        ))}
      </ol>
    </section>
  );
}

function ScanLine({ scan, entry, isLast }: { scan: Scan; entry: Entry | undefined; isLast: boolean }) {
  const isUndone = entry?.isUndone === true;
  const isWaiting = entry !== undefined && workOf(entry) !== null;
  return (
    <li className="flex items-center gap-3 border-b border-line py-2.5">
      <LightShape
        light={scan.light}
        ground="var(--paper)"
        className={`size-6 shrink-0 ${isUndone ? "text-soft" : marks[scan.light]}`}
      />
      <div className={`min-w-0 flex-1 ${isUndone ? "text-soft line-through" : ""}`}>
        <p className="truncate font-semibold">{scan.holder ?? scan.word}</p>
        <p className="truncate text-sm text-soft">
          {[scan.light !== "green" && scan.holder ? scan.word : "", scan.place ?? scan.code]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      {isWaiting && (
        <span className="text-warn" role="img" aria-label="Not synced yet">
          <Icon name="offline" />
        </span>
      )}
      {isLast && scan.entry !== null ? (
        <Button look="quiet" size="small" onClick={() => void desk.undo(scan.entry ?? "")}>
          <Icon name="undo" /> Undo
        </Button>
      ) : (
        <time dateTime={scan.at} className="figures shrink-0 text-sm text-soft">
          {isUndone ? "taken back" : timeText(scan.at, "time")}
        </time>
      )}
    </li>
  );
}
