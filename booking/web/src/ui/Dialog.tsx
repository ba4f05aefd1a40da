import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./Icon";
import { say } from "./words";

/** A modal over the page: the browser's own dialog keeps the focus inside and gives it back. */
export function Dialog(props: {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  full?: boolean;
}) {
  const { open, title, onClose, children, full = false } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const element = dialog.current;
    if (element === null || element.open === open) return;
    if (open) element.showModal();
    else element.close();
  }, [open]);

  // A click beside the dialog lands on the dialog itself. Keyboards have Escape, which the browser handles.
  useEffect(() => {
    const element = dialog.current;
    const close = (click: MouseEvent) => {
      if (click.target === element) element?.close();
    };
    element?.addEventListener("click", close);
    return () => element?.removeEventListener("click", close);
  }, []);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      className={`m-auto bg-card text-ink backdrop:bg-[rgb(11_9_16/0.66)] ${
        full
          ? "h-dvh max-h-none w-dvw max-w-none"
          : "w-[min(30rem,calc(100vw-2rem))] rounded-xl max-sm:mb-0 max-sm:w-full max-sm:max-w-none max-sm:rounded-b-none"
      } open:animate-rise`}
    >
      {open && (
        <div className={full ? "flex h-full flex-col p-5" : "p-5 sm:p-7"}>
          <div className="mb-4 flex items-start justify-between gap-4">
            <h2 id={titleId} className="heading text-xl">
              {title}
            </h2>
            <button
              type="button"
              onClick={() => dialog.current?.close()}
              className="-m-2 grid size-11 place-items-center rounded-md hover:bg-sunk"
              aria-label={say("close")}
            >
              <Icon name="cross" />
            </button>
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
