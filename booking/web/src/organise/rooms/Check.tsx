import type { InputHTMLAttributes } from "react";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
}

/** A yes or no with the words beside it. */
export function Check({ label, hint, ...input }: Props) {
  return (
    <label className="flex items-start gap-3 py-1">
      <input type="checkbox" {...input} className="mt-1 size-5 shrink-0 accent-flare-ink" />
      <span>
        <span className="font-semibold">{label}</span>
        {hint && <span className="block text-sm text-soft">{hint}</span>}
      </span>
    </label>
  );
}
