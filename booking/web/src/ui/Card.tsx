import type { ReactNode } from "react";

/** A raised surface. One border and no shadow: depth is kept for what floats. */
export function Card({ children, className = "" }: { children: ReactNode; className?: string }) {
  return <div className={`rounded-lg border border-line bg-card ${className}`}>{children}</div>;
}

export type Tone = "good" | "warn" | "bad" | "info" | "plain" | "flare";

const tones: Record<Tone, string> = {
  good: "bg-good-wash text-good",
  warn: "bg-warn-wash text-warn",
  bad: "bg-bad-wash text-bad",
  info: "bg-info-wash text-info",
  plain: "bg-sunk text-ink",
  flare: "bg-flare text-on-flare",
};

/** A short state in a pill; the words carry the meaning, the colour repeats it. */
export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={`badge caption inline-flex items-center gap-1.5 rounded-sm px-2 py-1 whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  );
}

/** A message inside the page, announced when it appears. */
export function Notice({ tone, title, children }: { tone: Tone; title: string; children?: ReactNode }) {
  return (
    <div role={tone === "bad" ? "alert" : "status"} className={`rounded-lg px-4 py-3.5 ${tones[tone]}`}>
      <p className="font-bold">{title}</p>
      {children && <div className="mt-1 text-sm text-ink">{children}</div>}
    </div>
  );
}
