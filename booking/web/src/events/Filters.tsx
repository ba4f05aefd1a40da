import { Field, Select } from "../ui/Field";
import type { SearchProps } from "./SearchBar";
import { kindName, kinds } from "./kinds";
import { say } from "./words";

/** Everything a search can be narrowed by. The calendar has its own days. */
export function Filters({ search, onChange }: SearchProps) {
  const price = (value: string) => (value === "" ? undefined : Number(value));
  return (
    <div
      id="filters"
      className="grid animate-rise grid-cols-2 gap-4 rounded-lg border border-line bg-card p-4 sm:grid-cols-3 lg:grid-cols-4"
    >
      <Select
        label={say("kind")}
        value={search.category ?? ""}
        onChange={(change) => onChange({ category: change.target.value })}
      >
        <option value="">{say("allKinds")}</option>
        {[...new Set([...kinds, search.category ?? "other"])].map((kind) => (
          <option key={kind} value={kind}>
            {kindName(kind)}
          </option>
        ))}
      </Select>
      <Field
        label={say("ticketType")}
        placeholder={say("ticketTypeHint")}
        maxLength={60}
        value={search.ticket_type ?? ""}
        onChange={(change) => onChange({ ticket_type: change.target.value })}
      />
      {search.view === undefined && (
        <>
          <Field
            label={say("from")}
            type="date"
            value={search.from ?? ""}
            onChange={(change) => onChange({ from: change.target.value })}
          />
          <Field
            label={say("until")}
            type="date"
            value={search.to ?? ""}
            onChange={(change) => onChange({ to: change.target.value })}
          />
        </>
      )}
      <Field
        label={say("lowest")}
        type="number"
        min={0}
        inputMode="decimal"
        placeholder="0"
        value={search.min_price ?? ""}
        onChange={(change) => onChange({ min_price: price(change.target.value) })}
      />
      <Field
        label={say("highest")}
        type="number"
        min={0}
        inputMode="decimal"
        placeholder={say("any")}
        value={search.max_price ?? ""}
        onChange={(change) => onChange({ max_price: price(change.target.value) })}
      />
      <label className="flex min-h-11 items-center gap-2.5 self-end text-sm font-semibold max-sm:col-span-2">
        <input
          type="checkbox"
          className="size-5 accent-(--flare-ink)"
          checked={search.available ?? false}
          onChange={(change) => onChange({ available: change.target.checked ? true : undefined })}
        />
        {say("available")}
      </label>
    </div>
  );
}
