import type { ButtonHTMLAttributes } from "react";
import { Icon } from "./Icon";

export type ButtonLook = "primary" | "strong" | "quiet" | "plain" | "danger";
export type ButtonSize = "small" | "normal" | "large";

const base =
  "inline-flex items-center justify-center gap-2 rounded-md text-center leading-tight font-semibold select-none " +
  "transition-[background-color,transform,border-color] duration-150 ease-line active:scale-[0.98] " +
  "disabled:cursor-not-allowed disabled:opacity-50 disabled:active:scale-100 aria-disabled:opacity-50";

const looks: Record<ButtonLook, string> = {
  primary: "bg-flare text-on-flare hover:bg-flare-strong",
  strong: "bg-ink text-paper hover:opacity-90",
  quiet: "border border-control bg-card text-ink hover:border-ink",
  plain: "text-ink hover:bg-sunk",
  danger: "border border-bad text-bad hover:bg-bad-wash",
};

const sizes: Record<ButtonSize, string> = {
  small: "min-h-9 px-3 text-sm",
  normal: "min-h-11 px-4.5 text-base",
  large: "min-h-13 px-6 text-lg",
};

/** The classes of a button, for links that look like one. */
export const buttonClass = (look: ButtonLook = "primary", size: ButtonSize = "normal", more = ""): string =>
  `${base} ${looks[look]} ${sizes[size]} ${more}`;

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: ButtonLook;
  size?: ButtonSize;
  /** Work is under way: the button says so and takes no second press. */
  busy?: boolean;
}

export function Button({ look = "primary", size = "normal", busy = false, className = "", children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={buttonClass(look, size, className)}
    >
      {busy && <Icon name="spinner" className="animate-spin" />}
      {children}
    </button>
  );
}
