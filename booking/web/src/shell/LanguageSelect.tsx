import { choose, type Language, languages, useLanguage } from "../languages/current";
import { Icon } from "../ui/Icon";
import { say } from "./words";

/** Names the language the shop speaks by its code, and offers the others by their own names. */
export function LanguageSelect() {
  const language = useLanguage();
  return (
    <span className="relative grid h-11 min-w-14 items-center rounded-md hover:bg-sunk has-focus-visible:outline-3 has-focus-visible:outline-info">
      <span aria-hidden="true" className="flex items-center justify-center gap-1 px-2 text-sm font-semibold uppercase">
        {language}
        <Icon name="down" className="text-xs" />
      </span>
      <select
        id="language"
        aria-label={say("language")}
        value={language}
        onChange={(change) => void choose(change.target.value as Language).then(backToSwitch)}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}

/** The pages are mounted anew in the new language; the focus stays where the reader's hand is. */
const backToSwitch = () => requestAnimationFrame(() => document.getElementById("language")?.focus());
