import { type FormEvent, useEffect, useState } from "react";
import { serverNow } from "../api/clock";
import { Button } from "../ui/Button";
import { Select } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { Filters } from "./Filters";
import { SetFilters } from "./SetFilters";
import type { EventSearch } from "./api";
import { daysOf, filterCount, type Span, spanOf } from "./search";
import { say } from "./words";

export interface SearchProps {
  search: EventSearch;
  onChange: (next: EventSearch) => void;
}

const typingMs = 300;

/** Words, days, order and filters. */
export function SearchBar({ search, onChange }: SearchProps) {
  const [isOpen, setOpen] = useState(false);
  const count = filterCount(search);
  const isList = search.view === undefined;
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap gap-3">
        <WordsField search={search} onChange={onChange} />
        <Button look="quiet" aria-expanded={isOpen} aria-controls="filters" onClick={() => setOpen(!isOpen)}>
          <Icon name="filter" />
          {count > 0 ? say("filtersSet", { count }) : say("filters")}
        </Button>
        {isList && <Order search={search} onChange={onChange} />}
      </div>
      {isList && <Spans search={search} onChange={onChange} />}
      {isOpen && <Filters search={search} onChange={onChange} />}
      <SetFilters search={search} onChange={onChange} />
    </div>
  );
}

function WordsField({ search, onChange }: SearchProps) {
  const [words, setWords] = useState(search.q ?? "");
  useEffect(() => setWords(search.q ?? ""), [search.q]);
  useEffect(() => {
    if (words.trim() === (search.q ?? "")) return;
    const timer = setTimeout(() => onChange({ q: words }), typingMs);
    return () => clearTimeout(timer);
  }, [words, search.q, onChange]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange({ q: words });
  };
  return (
    <form role="search" onSubmit={submit} className="relative min-w-56 flex-1">
      <Icon name="search" className="pointer-events-none absolute inset-y-0 start-3.5 z-10 my-auto text-soft" />
      <input
        type="search"
        value={words}
        onChange={(change) => setWords(change.target.value)}
        placeholder={say("searchHint")}
        aria-label={say("search")}
        className="h-11 w-full rounded-md border border-control bg-card ps-11 pe-3 placeholder:text-soft hover:border-ink"
      />
    </form>
  );
}

function Order({ search, onChange }: SearchProps) {
  return (
    <Select
      label={say("order")}
      hideLabel
      value={search.sort ?? "date"}
      onChange={(change) => onChange({ sort: change.target.value as EventSearch["sort"] })}
      className="max-sm:flex-1"
    >
      <option value="date">{say("soonest")}</option>
      <option value="-date">{say("latest")}</option>
      <option value="price">{say("cheapest")}</option>
      <option value="-price">{say("dearest")}</option>
      <option value="name">{say("byName")}</option>
    </Select>
  );
}

/** The spans most people mean, one press each. */
function Spans({ search, onChange }: SearchProps) {
  const present = spanOf(search, serverNow());
  const spans: [Span, string][] = [
    ["any", say("anyDay")],
    ["today", say("today")],
    ["weekend", say("weekend")],
    ["month", say("month")],
  ];
  return (
    <div role="group" aria-label={say("when")} className="-mx-4 flex gap-2 overflow-x-auto px-4 py-1 sm:mx-0 sm:px-0">
      {spans.map(([span, name]) => (
        <button
          key={span}
          type="button"
          aria-pressed={present === span}
          onClick={() => onChange(daysOf(span, serverNow()))}
          className="min-h-11 rounded-full border border-control bg-card px-4 text-sm font-semibold whitespace-nowrap hover:border-ink aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-paper"
        >
          {name}
        </button>
      ))}
    </div>
  );
}
