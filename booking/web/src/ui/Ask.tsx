import type { ReactNode } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

interface Props {
  open: boolean;
  title: string;
  /** What it does and costs. */
  children: ReactNode;
  /** The button that does it, named after what it does. */
  yes: string;
  /** The safe way. */
  no: string;
  busy?: boolean;
  /** It can't be pressed yet, as long as something is missing. */
  disabled?: boolean;
  onYes: () => void;
  onClose: () => void;
}

/** Asks before something that is hard to take back; the safe way weighs more. */
export function Ask({ open, title, children, yes, no, busy = false, disabled = false, onYes, onClose }: Props) {
  return (
    <Dialog open={open} title={title} onClose={onClose}>
      <div className="mb-5 grid gap-3 text-soft">{children}</div>
      <div className="grid gap-2 sm:grid-cols-2">
        <Button look="danger" busy={busy} disabled={disabled} onClick={onYes}>
          {yes}
        </Button>
        <Button look="strong" onClick={onClose}>
          {no}
        </Button>
      </div>
    </Dialog>
  );
}
