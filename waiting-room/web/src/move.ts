import type { Lender } from "./part";
import type { Handover } from "./types";

/** Shows the code that takes the place to another device, until it is closed or no longer valid. */
export async function offer({ text, ask }: Lender): Promise<HTMLDialogElement> {
  const { url, qr, expires_at } = await ask<Handover>("POST", "/places/me/handover");
  const dialog = document.createElement("dialog");
  const words = document.createElement("p");
  words.id = "move-words";
  words.textContent = text("move_text");
  const code = new Image();
  code.src = qr;
  code.alt = text("move");
  const copy = document.createElement("button");
  copy.textContent = text("copy");
  copy.hidden = !navigator.clipboard;
  copy.onclick = () => void navigator.clipboard.writeText(url).then(() => (copy.textContent = text("copied")));
  const close = document.createElement("button");
  close.className = "main";
  close.textContent = text("close");
  close.onclick = () => dialog.close();
  dialog.setAttribute("aria-labelledby", words.id);
  dialog.append(words, code, copy, close);
  const timer = setTimeout(() => dialog.close(), Date.parse(expires_at) - Date.now());
  dialog.onclose = () => {
    clearTimeout(timer);
    dialog.remove();
  };
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
