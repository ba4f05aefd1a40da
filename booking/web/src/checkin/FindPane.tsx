import { type FormEvent, useDeferredValue, useMemo, useState } from "react";
import type { ListedTicket } from "../api/types";
import { placeText } from "../seats/place";
import { Button } from "../ui/Button";
import { Badge } from "../ui/Card";
import { Field } from "../ui/Field";
import { type Book, find, findables, isShown } from "./book";
import { desk, useDesk } from "./useDesk";

const mostFound = 30;

/** Finds a ticket by name, reference, seat or code, on the list taken along: with and without a network. */
export function FindPane() {
  const { book, entries } = useDesk();
  const [query, setQuery] = useState("");
  const [isWrong, setWrong] = useState(false);
  const wanted = useDeferredValue(query);
  const isWanted = wanted.trim() !== "";
  // A stadium's list takes a moment to prepare: not before somebody looks for something.
  const all = useMemo(() => (isWanted ? findables(book?.tickets.values() ?? []) : []), [book, isWanted]);
  const found = useMemo(() => find(all, wanted, mostFound), [all, wanted]);
  if (book === null) return null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (query.trim() === "") return;
    const [only] = found;
    if (!isShown(query) && found.length !== 1) return setWrong(true);
    setQuery("");
    void desk.check(isShown(query) ? query : (only?.code ?? query));
  };

  return (
    <section aria-labelledby="find" className="grid content-start gap-4 p-4 sm:p-5">
      <h2 id="find" className="sr-only">
        Find a ticket
      </h2>
      <form onSubmit={submit} className="grid gap-3" role="search">
        <Field
          label="Name, reference, seat or code"
          name="code"
          type="search"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="go"
          placeholder="Alice · RL-7K3 · C 12 · TCK-…"
          value={query}
          onChange={(change) => {
            setQuery(change.target.value);
            setWrong(false);
          }}
          error={
            isWrong
              ? found.length === 0
                ? "Nobody on the list. Type the whole code to ask the server."
                : "Choose one below."
              : undefined
          }
        />
        <Button type="submit" look="strong">
          Check in
        </Button>
      </form>
      {isWanted && (
        <p className="caption text-soft" role="status">
          {found.length === mostFound ? `The first ${mostFound} matches` : `${found.length} on the list`}
        </p>
      )}
      <ul className="grid gap-2">
        {found.map((ticket) => (
          <Found key={ticket.id} ticket={ticket} book={book} version={entries.length} />
        ))}
      </ul>
    </section>
  );
}

/** `version` changes when somebody comes in, so that the row is drawn anew. */
function Found({ ticket, book }: { ticket: ListedTicket; book: Book; version: number }) {
  const dead = book.dead.get(ticket.id);
  const isInside = book.inside.has(ticket.id);
  return (
    <li className="flex items-center gap-3 rounded-lg border border-line bg-card py-3 ps-4 pe-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{ticket.holder_name}</p>
        <p className="truncate text-sm text-soft">
          {placeText(ticket)} · {ticket.reference}
        </p>
      </div>
      {dead !== undefined && <Badge tone="bad">{dead === "cancelled" ? "Cancelled" : "Passed on"}</Badge>}
      {isInside && <Badge tone="warn">Inside</Badge>}
      {dead === undefined && !isInside && (
        <Button
          look="quiet"
          size="small"
          onClick={() => void desk.check(ticket.code)}
          aria-label={`Let in ${ticket.holder_name}, ${placeText(ticket)}`}
        >
          Let in
        </Button>
      )}
    </li>
  );
}
