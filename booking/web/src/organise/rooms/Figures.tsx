import type { ReactNode } from "react";

/** Figures side by side, as many in a row as there is room for. */
export function Figures({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(7rem,1fr))] overflow-hidden border-b border-line">
      {children}
    </dl>
  );
}

export function Figure({ label, value, note }: { label: string; value: number | null; note?: string }) {
  return (
    <div className="-ms-px flex flex-col border-s border-t border-line p-4 sm:p-5">
      <dt className="caption text-soft">{label}</dt>
      <dd className="poster figures text-3xl">{value === null ? "–" : value.toLocaleString()}</dd>
      {note && <dd className="text-sm text-soft">{note}</dd>}
    </div>
  );
}
