import { say } from "./words";

/** The line from choice to ticket: where the fan is, and what is still to come. */
export function Steps({ steps, current }: { steps: readonly string[]; current: number }) {
  return (
    <ol className="flex" aria-label={say("steps")}>
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index === current ? "step" : undefined}
          className={`caption relative flex-1 pt-5 before:absolute before:inset-x-0 before:top-1.5 before:h-[5px] ${
            index <= current ? "text-ink before:bg-flare" : "text-soft before:bg-line"
          } first:before:rounded-s-full last:before:rounded-e-full`}
        >
          <span
            aria-hidden="true"
            className={`absolute start-0 top-0 size-4 rounded-full border-[3px] border-paper ${index <= current ? "bg-flare" : "bg-line"}`}
          />
          {step}
        </li>
      ))}
    </ol>
  );
}
