import { useCallback, useEffect, useState } from "react";
import { Icon, type IconName } from "../ui/Icon";
import { FindPane } from "./FindPane";
import { GateBar } from "./GateBar";
import { LogPane } from "./LogPane";
import { ScanPane } from "./ScanPane";
import { VerdictScreen } from "./VerdictScreen";
import { isConflict, stands } from "./entries";
import { desk, useDesk } from "./useDesk";
import { useWedge } from "./wedge";

type Tab = "scan" | "find" | "log";

/** The open gate: on a phone one thing at a time, on a tablet the camera beside the rest. */
export function GateDesk() {
  const { verdict } = useDesk();
  const [tab, setTab] = useState<Tab>("scan");
  const onText = useCallback((text: string) => void desk.check(text), []);
  useWedge(onText);
  useWakeLock();
  const only = (mine: Tab) => (tab === mine ? "" : "max-lg:hidden");
  return (
    <div className="grid h-dvh grid-rows-[auto_minmax(0,1fr)_auto] lg:grid-cols-[minmax(0,1fr)_26rem]">
      <div className="lg:col-span-2">
        <GateBar />
      </div>
      <div className={`flex min-h-0 flex-col ${only("scan")}`}>
        <ScanPane isShown />
        <Fullness />
      </div>
      <div
        className={`min-h-0 overflow-y-auto overscroll-contain lg:border-s lg:border-line ${tab === "scan" ? "max-lg:hidden" : ""}`}
      >
        <div className={only("find")}>
          <FindPane />
        </div>
        <div className={only("log")}>
          <LogPane />
        </div>
      </div>
      <Tabs tab={tab} onTab={setTab} />
      {verdict !== null && <VerdictScreen scan={verdict} />}
    </div>
  );
}

/** How many are in, with those that the server doesn't know yet. */
function Fullness() {
  const { kept, entries } = useDesk();
  if (kept === null) return null;
  const { counts, counted_at } = kept;
  const uncounted = entries.filter((entry) => stands(entry, counted_at)).length;
  const inside = counts.checked_in + uncounted;
  const here = (counts.gates.find((gate) => gate.gate === kept.gate)?.checked_in ?? 0) + uncounted;
  return (
    <div className="relative flex items-end justify-between gap-4 bg-card px-4 py-3">
      <div aria-hidden="true" className="absolute inset-x-0 top-0 h-1 bg-sunk">
        <div
          className="h-full bg-flare transition-[width]"
          style={{ width: `${counts.tickets ? Math.min(100, (inside / counts.tickets) * 100) : 0}%` }}
        />
      </div>
      <p className="figures">
        <span className="poster text-2xl">{inside}</span> <span className="text-soft">of {counts.tickets} in</span>
      </p>
      <p className="figures text-end">
        <span className="poster text-2xl">{here}</span> <span className="text-soft">by this gate</span>
      </p>
    </div>
  );
}

function Tabs({ tab, onTab }: { tab: Tab; onTab: (tab: Tab) => void }) {
  const { entries, kept } = useDesk();
  const conflicts =
    (kept?.counts.conflicts.length ?? 0) +
    entries.filter((entry) => isConflict(entry) && entry.result?.result !== "already-used").length;
  return (
    <nav aria-label="Gate" className="flex border-t border-line bg-card pb-[env(safe-area-inset-bottom)] lg:hidden">
      <TabButton icon="scan" text="Scan" isOn={tab === "scan"} onClick={() => onTab("scan")} />
      <TabButton icon="search" text="Find" isOn={tab === "find"} onClick={() => onTab("find")} />
      <TabButton
        icon="list"
        text={conflicts > 0 ? `Log · ${conflicts} open` : "Log"}
        isOn={tab === "log"}
        onClick={() => onTab("log")}
      />
    </nav>
  );
}

function TabButton(props: { icon: IconName; text: string; isOn: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-current={props.isOn ? "page" : undefined}
      onClick={props.onClick}
      className="caption flex min-h-15 flex-1 flex-col items-center justify-center gap-1 border-t-3 border-transparent text-soft aria-[current=page]:border-flare aria-[current=page]:text-ink"
    >
      <Icon name={props.icon} className="text-lg" />
      {props.text}
    </button>
  );
}

/** Keeps the screen lit while the gate is in view. */
function useWakeLock(): void {
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === "visible") void navigator.wakeLock?.request("screen").catch(() => undefined);
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => document.removeEventListener("visibilitychange", ask);
  }, []);
}
