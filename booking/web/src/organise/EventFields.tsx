import { useQuery } from "@tanstack/react-query";
import { Select } from "../ui/Field";
import { locale } from "../languages/current";
import { currencies } from "./amounts";
import { roomsQuery } from "./rooms/api";

const categories = ["concert", "festival", "sports", "theatre", "comedy", "conference", "movie", "other"];

interface Props {
  value: string;
  onChange: (value: string) => void;
}

/** What kind of event it is; one of our own, or what it was before. */
export function CategoryField({ value, onChange }: Props) {
  return (
    <Select label="Kind" value={value} onChange={(event) => onChange(event.target.value)}>
      {[...new Set([...categories, value])].map((category) => (
        <option key={category} value={category}>
          {category[0]?.toUpperCase() + category.slice(1)}
        </option>
      ))}
    </Select>
  );
}

const currencyNames = () => new Intl.DisplayNames([locale()], { type: "currency" });

/** The money that tickets cost; chosen, never taken for granted. */
export function CurrencyField({ value, error, onChange }: Props & { error?: string | undefined }) {
  const names = currencyNames();
  return (
    <Select
      label="Currency"
      value={value}
      error={error}
      hint="Of prices and fees. It stays once the event is made."
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="" disabled>
        Choose…
      </option>
      {currencies.map((code) => (
        <option key={code} value={code}>
          {code} · {names.of(code)}
        </option>
      ))}
    </Select>
  );
}

/** A waiting room in front of the sale, if one has been set up. */
export function RoomField({ value, onChange }: Props) {
  const rooms = useQuery({ ...roomsQuery(), refetchInterval: false });
  const known = rooms.data ?? [];
  return (
    <Select
      label="Waiting room"
      value={value}
      hint="Lets people in at a pace the sale can bear."
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">None</option>
      {value !== "" && !known.some(({ id }) => id === value) && <option value={value}>{value}</option>}
      {known.map((room) => (
        <option key={room.id} value={room.id}>
          {room.name}
        </option>
      ))}
    </Select>
  );
}
