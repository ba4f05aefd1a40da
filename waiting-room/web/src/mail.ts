import type { Key } from "virtual:catalogue";
import type { Lender } from "./part";

/** Asks for the address of a mail on one's turn, or offers to take the wish back. Tells each new state of the wish. */
export function offer({ text, ask }: Lender, isWished: boolean, told: (isWished: boolean) => void): void {
  const dialog = document.createElement("dialog");
  const form = document.createElement("form");
  const words = element("p", isWished ? "mail_kept" : "mail_text");
  const label = element("label", "mail_to");
  const field = document.createElement("input");
  const wrong = element("p", "mail_bad");
  const send = element("button", isWished ? "mail_stop" : "mail");
  const close = element("button", "close");
  words.id = "mail-words";
  field.type = "email";
  field.autocomplete = "email";
  field.required = true;
  field.maxLength = 254;
  wrong.role = "alert";
  wrong.hidden = true;
  send.className = "main";
  close.type = "button";
  close.onclick = () => dialog.close();
  label.append(field);
  form.append(words, ...(isWished ? [] : [label]), wrong, send, close);
  form.onsubmit = async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      await (isWished ? ask("DELETE", "/places/me/mail") : ask("POST", "/places/me/mail", { email: field.value }));
      told(!isWished);
      dialog.close();
    } catch {
      send.disabled = false;
      wrong.hidden = false;
    }
  };
  dialog.setAttribute("aria-labelledby", words.id);
  dialog.onclose = () => dialog.remove();
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();

  function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, key: Key): HTMLElementTagNameMap[Tag] {
    const made = document.createElement(tag);
    made.textContent = text(key);
    return made;
  }
}
