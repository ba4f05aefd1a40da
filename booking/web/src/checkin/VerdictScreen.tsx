import { useEffect, useRef } from "react";
import { Icon } from "../ui/Icon";
import type { Scan } from "./desk";
import { desk } from "./useDesk";
import type { Light } from "./verdict";

/** A yes needs no answer: the next ticket is already coming. A question and a no stay until somebody goes on. */
const greenShown_ms = 2_200;

const grounds: Record<Light, string> = {
  green: "bg-gate-green text-white",
  yellow: "bg-gate-yellow text-black",
  red: "bg-gate-red text-white",
};

const button =
  "inline-flex min-h-14 items-center justify-center gap-2 rounded-md border-2 px-4 text-lg font-semibold " +
  "transition-transform duration-150 active:scale-[0.98]";

/** The verdict on the whole screen: colour, shape, word, reason; seen from a step away, heard, and felt. */
export function VerdictScreen({ scan }: { scan: Scan }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const next = useRef<HTMLButtonElement>(null);

  // The focus is on the harmless answer: a scanner's Enter must never take an entry back.
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
    next.current?.focus();
  }, [scan.key]);

  useEffect(() => {
    if (scan.light !== "green") return;
    const timer = setTimeout(desk.next, greenShown_ms);
    return () => clearTimeout(timer);
  }, [scan.key, scan.light]);

  return (
    <dialog
      ref={dialog}
      aria-labelledby="verdict-word"
      aria-describedby="verdict-reason"
      onClose={desk.next}
      className={`fixed inset-0 m-0 h-dvh max-h-none w-dvw max-w-none ${grounds[scan.light]}`}
    >
      <div className="flex h-full flex-col p-5 pb-[max(1.25rem,env(safe-area-inset-bottom))] sm:p-8">
        <div
          key={scan.key}
          className="grid min-h-0 flex-1 animate-rise place-content-center justify-items-center gap-4 text-center"
        >
          <LightShape light={scan.light} className="size-[min(44vw,34dvh)]" />
          <h2 id="verdict-word" className="poster text-4xl">
            {scan.word}
          </h2>
          {scan.holder && <p className="heading text-2xl">{scan.holder}</p>}
          {scan.place && <p className="text-xl font-semibold">{scan.place}</p>}
          <p id="verdict-reason" className="max-w-xl text-lg font-medium">
            {scan.reason}
          </p>
          <p className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 text-sm">
            {scan.code && <span className="font-mono">{scan.code}</span>}
            {scan.isLocal && (
              <span className="inline-flex items-center gap-1.5 font-semibold">
                <Icon name="offline" /> Decided by this gate alone
              </span>
            )}
          </p>
        </div>
        <div className="mx-auto flex w-full max-w-xl gap-3">
          {scan.entry !== null && (
            <button
              type="button"
              onClick={() => void desk.undo(scan.entry ?? "")}
              className={`${button} flex-1 border-current`}
            >
              <Icon name="undo" /> Undo
            </button>
          )}
          <button
            type="button"
            ref={next}
            onClick={desk.next}
            className={`${button} flex-2 border-transparent bg-black text-white`}
          >
            Next
          </button>
        </div>
      </div>
    </dialog>
  );
}

/** Each light has a shape of its own: disc, triangle, octagon. `ground` is the colour behind it, which its mark has too. */
export function LightShape(props: { light: Light; ground?: string; className?: string }) {
  const { light, ground = `var(--gate-${light})`, className = "" } = props;
  const stroke = { fill: "none", strokeWidth: 9, strokeLinecap: "round", strokeLinejoin: "round" } as const;
  return (
    <svg viewBox="0 0 100 100" aria-hidden="true" className={className} fill="currentColor">
      {light === "green" && <circle cx="50" cy="50" r="46" />}
      {light === "yellow" && <path d="M50 9 95 88H5Z" stroke="currentColor" strokeWidth="8" strokeLinejoin="round" />}
      {light === "red" && <path d="M32 5h36l27 27v36L68 95H32L5 68V32Z" />}
      {light === "green" && <path d="M29 52 44 67 72 36" stroke={ground} {...stroke} />}
      {light === "yellow" && <path d="M50 38v22M50 75v.1" stroke={ground} {...stroke} />}
      {light === "red" && <path d="M34 34 66 66M66 34 34 66" stroke={ground} {...stroke} />}
    </svg>
  );
}
