import { Button } from "../ui/Button";
import type { Part } from "./parts";

interface Props {
  label: string;
  parts: readonly Part[];
  chosen: readonly string[];
  /** What somebody else sells already. */
  taken: ReadonlySet<string>;
  fault: string | undefined;
  onChange: (chosen: string[]) => void;
}

/** Which sections or categories of a plan a ticket type sells, with their seats; each belongs to one type. */
export function PartChoice({ label, parts, chosen, taken, fault, onChange }: Props) {
  const left = parts.map(({ name }) => name).filter((name) => !taken.has(name) && !chosen.includes(name));
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name]);
  return (
    <div role="group" aria-label={label} className="col-span-full min-w-0">
      <div className="flex flex-wrap gap-1.5">
        {parts.map(({ name, colour, seats }) => (
          <button
            key={name}
            type="button"
            aria-pressed={chosen.includes(name)}
            disabled={taken.has(name)}
            onClick={() => toggle(name)}
            className="inline-flex min-h-9 max-w-full items-center gap-2 rounded-md border border-control bg-card px-3 text-start text-sm hover:border-ink disabled:opacity-40 aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-paper"
          >
            {colour && (
              <span
                aria-hidden="true"
                className="size-3 shrink-0 rounded-xs ring-1 ring-line"
                style={{ background: colour }}
              />
            )}
            <span className="min-w-0 break-words">{name}</span>
            <span className="figures shrink-0">{seats.toLocaleString()}</span>
          </button>
        ))}
      </div>
      {left.length > 1 && (
        <Button look="plain" size="small" className="mt-1" onClick={() => onChange([...chosen, ...left])}>
          All {left.length} others
        </Button>
      )}
      {fault && <p className="mt-1.5 text-sm font-medium text-bad">{fault}</p>}
    </div>
  );
}
