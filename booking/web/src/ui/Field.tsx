import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { Icon } from "./Icon";
import { say } from "./words";

const control =
  "w-full min-w-0 rounded-md border border-control bg-card px-3.5 text-ink placeholder:text-soft " +
  "transition-colors hover:border-ink aria-invalid:border-bad aria-invalid:border-2";

interface Common {
  label: string;
  /** What to enter, when the label alone doesn't say. */
  hint?: ReactNode;
  /** What is wrong and how to put it right. */
  error?: string | undefined;
  /** The label is read out but not shown. */
  hideLabel?: boolean;
  className?: string;
}

interface FrameProps extends Common {
  id: string;
  children: ReactNode;
}

function Frame({ id, label, hint, error, hideLabel = false, className = "", children }: FrameProps) {
  return (
    <div className={`grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-1.5 ${className}`}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "text-sm font-semibold"}>
        {label}
      </label>
      {children}
      {hint && (
        <div id={`${id}-hint`} className="text-sm text-soft">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-sm font-medium text-bad">
          <Icon name="alert" className="mt-0.5" />
          {error}
        </p>
      )}
    </div>
  );
}

const described = (id: string, hint: unknown, error: unknown) =>
  [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;

export function Field({
  label,
  hint,
  error,
  hideLabel,
  className,
  ...input
}: Common & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, hideLabel, className }}>
      <input
        {...input}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)}
        className={`${control} h-11`}
      />
    </Frame>
  );
}

export function TextArea({
  label,
  hint,
  error,
  hideLabel,
  className,
  ...area
}: Common & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, hideLabel, className }}>
      <textarea
        rows={4}
        {...area}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, hint, error)}
        className={`${control} py-2.5`}
      />
    </Frame>
  );
}

export function Select({
  label,
  hint,
  error,
  hideLabel,
  className,
  children,
  ...select
}: Common & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, hideLabel, className }}>
      <span className="relative block">
        <select
          {...select}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={described(id, hint, error)}
          className={`${control} h-11 appearance-none pe-10`}
        >
          {children}
        </select>
        <Icon name="down" className="pointer-events-none absolute inset-y-0 end-3 my-auto" />
      </span>
    </Frame>
  );
}

/** A quantity with − and + that works by touch, keyboard and screen reader. */
export function Stepper(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  const { label, value, min, max, onChange } = props;
  const button =
    "grid size-11 place-items-center rounded-md border border-control bg-card hover:border-ink disabled:opacity-40 disabled:cursor-not-allowed";
  return (
    <div role="group" aria-label={label} className="inline-flex items-center gap-1">
      <button
        type="button"
        className={button}
        disabled={value <= min}
        onClick={() => onChange(value - 1)}
        aria-label={say("fewer")}
      >
        <Icon name="minus" />
      </button>
      <output className="figures w-11 text-center text-xl font-bold" aria-live="polite">
        {value}
      </output>
      <button
        type="button"
        className={button}
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
        aria-label={say("more")}
      >
        <Icon name="plus" />
      </button>
    </div>
  );
}
