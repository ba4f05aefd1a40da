import { Icon } from "../ui/Icon";
import { numberText } from "../languages/speak";
import { timeText } from "../ui/time";
import type { SearchProps } from "./SearchBar";
import type { EventSearch } from "./api";
import { kindName } from "./kinds";
import { type FilterName, filterNames } from "./search";
import { say } from "./words";

/** The filters in force, each with a way out, also while their form is closed. */
export function SetFilters({ search, onChange }: SearchProps) {
  const set = filterNames.filter((name) => search[name] !== undefined);
  if (set.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-2">
      {set.map((name) => (
        <li key={name}>
          <button
            type="button"
            aria-label={say("remove", { name: filterText(name, search) })}
            onClick={() => onChange({ [name]: undefined })}
            className="flex min-h-9 items-center gap-2 rounded-full bg-info-wash ps-3.5 pe-2.5 text-sm font-semibold text-info hover:outline-2 hover:outline-info"
          >
            {filterText(name, search)}
            <Icon name="cross" className="text-xs" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function filterText(name: FilterName, search: EventSearch): string {
  const day = (value: string) => timeText(`${value}T12:00:00`, "day");
  const texts: Record<FilterName, () => string> = {
    category: () => kindName(search.category ?? ""),
    from: () => say("fromDay", { day: day(search.from ?? "") }),
    to: () => say("untilDay", { day: day(search.to ?? "") }),
    min_price: () => say("atLeast", { price: numberText(search.min_price ?? 0) }),
    max_price: () => say("atMost", { price: numberText(search.max_price ?? 0) }),
    ticket_type: () => search.ticket_type ?? "",
    available: () => say("available"),
  };
  return texts[name]();
}
