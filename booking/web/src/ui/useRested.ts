import { useEffect, useState } from "react";

/** A value once it has stood still for a while: what is being typed is not asked for letter by letter. */
export function useRested<T>(value: T, restMs = 300): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value, restMs]);
  return rested;
}
