import { useEffect, useSyncExternalStore } from "react";
import { Icon, type IconName } from "./Icon";
import { say } from "./words";

export interface ToastMessage {
  id: number;
  tone: "good" | "bad" | "info";
  text: string;
  action?: ToastAction;
}

/** A way back, or on, that is offered as long as the toast is shown. */
export interface ToastAction {
  label: string;
  act: () => void;
}

const shownMs: Record<ToastMessage["tone"], number> = {
  good: 5_000,
  bad: 8_000,
  info: 3_000,
};
const most = 3;
let nextId = 1;
let messages: readonly ToastMessage[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly ToastMessage[]): void {
  messages = next;
  for (const listener of listeners) listener();
}

/** What offers a way back stays long enough to be read and pressed. */
const offeredMs = 15_000;

/** Says something that needs no answer; the three newest are shown. */
export function toast(tone: ToastMessage["tone"], text: string, action?: ToastAction): void {
  const message = { id: nextId++, tone, text, ...(action ? { action } : {}) };
  publish([...messages.filter((each) => each.text !== text), message].slice(-most));
}

const dismiss = (id: number) => publish(messages.filter((message) => message.id !== id));

const icons: Record<ToastMessage["tone"], IconName> = {
  good: "check",
  bad: "alert",
  info: "info",
};

/** Where toasts appear: above the phone's tab bar, bottom corner on larger screens. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => messages,
  );
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-24 z-50 grid justify-items-center gap-2 sm:inset-x-auto sm:end-6 sm:bottom-6 sm:justify-items-end"
    >
      {shown.map((message) => (
        <Toast key={message.id} message={message} />
      ))}
    </div>
  );
}

function Toast({ message }: { message: ToastMessage }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(message.id), message.action ? offeredMs : shownMs[message.tone]);
    return () => clearTimeout(timer);
  }, [message.id, message.tone, message.action]);
  return (
    <div className="pointer-events-auto flex max-w-md animate-rise items-center gap-3 rounded-md bg-ink py-2 ps-4 pe-1.5 text-paper shadow-lift">
      <Icon name={icons[message.tone]} />
      <p className="text-sm font-medium">{message.text}</p>
      {message.action && (
        <button
          type="button"
          className="min-h-9 rounded-sm px-2 text-sm font-bold underline underline-offset-4 hover:opacity-70"
          onClick={() => {
            dismiss(message.id);
            message.action?.act();
          }}
        >
          {message.action.label}
        </button>
      )}
      <button
        type="button"
        className="grid size-9 place-items-center rounded-sm hover:opacity-70"
        aria-label={say("dismiss")}
        onClick={() => dismiss(message.id)}
      >
        <Icon name="cross" />
      </button>
    </div>
  );
}
