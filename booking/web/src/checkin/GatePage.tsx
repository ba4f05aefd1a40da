import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { asProblem } from "../api/problem";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button, buttonClass } from "../ui/Button";
import { Field } from "../ui/Field";
import { Icon, type IconName } from "../ui/Icon";
import { EmptyState } from "../ui/states";
import { isGateStaff, useAccount } from "../users/session";
import { checkIn } from "./api";
import { signal } from "./signal";
import { admitted, refused, type Verdict } from "./verdict";

const keptVerdicts = 30;

/** Check-in at the door: type a code, or let a keyboard scanner type it. */
export function GatePage() {
  useTitle("Gate");
  const { user } = useAccount();
  if (!isGateStaff(user)) {
    return (
      <div className="page py-10">
        <EmptyState
          level={1}
          title="The gate is for staff"
          action={
            <Link {...to.home()} className={buttonClass("primary")}>
              Back to the shop
            </Link>
          }
        >
          Ask the organiser to make your account a gate account.
        </EmptyState>
      </div>
    );
  }
  return <Gate />;
}

interface Scan extends Verdict {
  id: number;
}

function Gate() {
  const [scans, setScans] = useState<Scan[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [code, setCode] = useState("");
  const [gate, setGate] = useState("");
  const [counts, setCounts] = useState({ green: 0, yellow: 0, red: 0 });
  const input = useRef<HTMLFormElement>(null);

  // A keyboard scanner types wherever the focus is: keep it on the code.
  useEffect(() => {
    if (!isBusy) input.current?.querySelector<HTMLInputElement>("input[name=code]")?.focus();
  }, [isBusy]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const scanned = code.trim();
    if (scanned === "" || isBusy) return;
    setBusy(true);
    setCode("");
    const verdict = await checkIn(scanned, gate.trim()).then(
      (answer) => admitted(answer, scanned),
      (error: unknown) => refused(asProblem(error), scanned),
    );
    signal(verdict.light);
    setScans((before) => [{ ...verdict, id: (before[0]?.id ?? 0) + 1 }, ...before].slice(0, keptVerdicts));
    setCounts((before) => ({
      ...before,
      [verdict.light]: before[verdict.light] + 1,
    }));
    setBusy(false);
  };

  return (
    <div className="grid min-h-[calc(100dvh-3.8rem)] content-start lg:grid-cols-[1fr_24rem] lg:content-stretch">
      <Light verdict={scans[0] ?? null} isBusy={isBusy} />
      <div className="grid content-start gap-5 p-5 lg:border-s lg:border-line">
        <h1 className="sr-only">Gate</h1>
        <form ref={input} onSubmit={(event) => void submit(event)} className="grid gap-4">
          <Field
            label="Ticket code or scan"
            name="code"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            enterKeyHint="go"
            placeholder="TCK-…"
            value={code}
            onChange={(change) => setCode(change.target.value)}
          />
          <Button type="submit" size="large" busy={isBusy}>
            Check in
          </Button>
        </form>
        <Field
          label="This gate's name"
          placeholder="North"
          maxLength={40}
          value={gate}
          onChange={(change) => setGate(change.target.value)}
          hint="Shown when a ticket comes a second time."
        />
        <dl className="grid grid-cols-3 gap-2 text-center">
          <Count label="In" value={counts.green} />
          <Count label="Asked" value={counts.yellow} />
          <Count label="Refused" value={counts.red} />
        </dl>
        <ScanList scans={scans} />
      </div>
    </div>
  );
}

const lights: Record<Verdict["light"], { ground: string; icon: IconName }> = {
  green: { ground: "bg-[#0b7a45] text-white", icon: "check" },
  yellow: { ground: "bg-[#ffc23d] text-black", icon: "alert" },
  red: { ground: "bg-[#b0122e] text-white", icon: "cross" },
};

/** The verdict, large enough to see from a step away. */
function Light({ verdict, isBusy }: { verdict: Scan | null; isBusy: boolean }) {
  if (verdict === null) {
    return (
      <div className="grid min-h-64 place-content-center justify-items-center gap-3 bg-sunk p-6 text-center lg:min-h-0">
        <Icon name="scan" className="text-6xl text-soft" />
        <p className="heading text-2xl">Ready</p>
        <p className="text-soft">Scan the first ticket.</p>
      </div>
    );
  }
  const light = lights[verdict.light];
  return (
    <div
      role="status"
      aria-live="assertive"
      className={`grid min-h-64 place-content-center justify-items-center gap-3 p-6 text-center transition-opacity lg:min-h-0 ${light.ground} ${
        isBusy ? "opacity-40" : ""
      }`}
    >
      <Icon name={light.icon} className="text-8xl" />
      <p className="poster text-4xl">{verdict.word}</p>
      <p className="text-xl font-semibold">{verdict.reason}</p>
      <p className="max-w-full truncate font-mono text-sm">{verdict.code.slice(0, 40)}</p>
    </div>
  );
}

function Count({ label, value }: { label: string; value: number }) {
  return (
    <div className="flex flex-col-reverse rounded-md bg-sunk py-3">
      <dt className="caption text-soft">{label}</dt>
      <dd className="poster figures text-2xl">{value}</dd>
    </div>
  );
}

const marks: Record<Verdict["light"], string> = {
  green: "text-good",
  yellow: "text-warn",
  red: "text-bad",
};

function ScanList({ scans }: { scans: Scan[] }) {
  if (scans.length < 2) return null;
  return (
    <section>
      <h2 className="caption mb-2 text-soft">Before that</h2>
      <ul className="grid gap-1 text-sm">
        {scans.slice(1).map((scan) => (
          <li key={scan.id} className="flex items-center gap-2 border-b border-line py-2">
            <Icon name={lights[scan.light].icon} className={marks[scan.light]} />
            <span className="font-semibold">{scan.word}</span>
            <span className="truncate text-soft">{scan.reason}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
