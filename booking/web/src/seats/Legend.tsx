import { say } from "./words";

/** What the shapes on the map mean; every state differs in shape as well as colour. */
export function Legend({ className = "" }: { className?: string }) {
  return (
    <dl className={`caption grid grid-cols-2 gap-x-4 gap-y-2 text-soft ${className}`}>
      <Entry label={say("available")}>
        <path d="M4 8a5 5 0 0 1 5-4h6a5 5 0 0 1 5 4v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2Z" fill="var(--seat-free)" />
      </Entry>
      <Entry label={say("premium")}>
        <path d="M4 8a5 5 0 0 1 5-4h6a5 5 0 0 1 5 4v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2Z" fill="var(--seat-free)" />
        <path
          d="m12 7.500 1.400 3 3.300.4-2.400 2.200.6 3.200-2.900-1.600-2.900 1.600.6-3.200-2.400-2.200 3.300-.4Z"
          fill="var(--seat-mark)"
        />
      </Entry>
      <Entry label={say("yours")}>
        <circle cx="12" cy="12" r="9" fill="var(--seat-mine)" />
        <path
          d="m8 12.500 3 3 5.500-6.500"
          fill="none"
          stroke="var(--seat-mark)"
          strokeWidth="2.500"
          strokeLinecap="round"
        />
      </Entry>
      <Entry label={say("basket")}>
        <rect
          x="4.500"
          y="4.500"
          width="15"
          height="15"
          rx="3.500"
          fill="none"
          stroke="var(--seat-held)"
          strokeWidth="2"
        />
        <path d="M6 15 15 6M9 18 18 9" stroke="var(--seat-held)" strokeWidth="2" />
      </Entry>
      <Entry label={say("taken")}>
        <circle cx="12" cy="12" r="6.500" fill="var(--seat-gone)" />
      </Entry>
    </dl>
  );
}

function Entry({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex items-center gap-2">
      <dt>
        <svg viewBox="0 0 24 24" className="size-5" aria-hidden="true">
          {children}
        </svg>
      </dt>
      <dd>{label}</dd>
    </div>
  );
}
