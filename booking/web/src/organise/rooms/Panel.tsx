import { type ReactNode, useState } from "react";
import { Icon } from "../../ui/Icon";

/** A part of the page that opens on demand; its head says how things stand, so that most need not be opened. */
export function Panel({ title, says, children }: { title: string; says: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="group rounded-lg border border-line bg-card"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex min-h-14 flex-wrap items-center gap-x-4 rounded-lg px-5 py-3 hover:bg-sunk">
        <h3 className="heading text-lg">{title}</h3>
        <span className="min-w-0 flex-1 text-end text-sm text-soft">{says}</span>
        <Icon name="down" className="transition-transform group-open:rotate-180" />
      </summary>
      {isOpen && <div className="border-t border-line p-5">{children}</div>}
    </details>
  );
}
