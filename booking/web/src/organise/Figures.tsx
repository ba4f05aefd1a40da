import type { ReactNode } from "react";

/** Figures side by side, as many in a row as there is room for. */
export function Figures({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <dl
      aria-label={label}
      className="grid grid-cols-[repeat(auto-fit,minmax(8rem,1fr))] overflow-hidden border-b border-line last:border-b-0"
    >
      {children}
    </dl>
  );
}

interface FigureProps {
  label: string;
  /** A number, or an amount already written out; null as long as it isn't known. */
  value: number | string | null;
  note?: ReactNode;
}

export function Figure({ label, value, note }: FigureProps) {
  return (
    <div className="-ms-px -mt-px flex min-w-0 flex-col border-s border-t border-line p-4 sm:p-5">
      <dt className="caption text-soft">{label}</dt>
      <dd className="poster figures text-3xl break-words">
        {value === null ? "–" : typeof value === "number" ? value.toLocaleString() : value}
      </dd>
      {note && <dd className="mt-1 text-sm text-soft">{note}</dd>}
    </div>
  );
}
