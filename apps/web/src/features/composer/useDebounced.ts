import { useEffect, useState } from "react";

/** The value once it has stood still for a while; the first at once. */
export function useDebounced<T>(value: T, ms: number): T {
  const [still, setStill] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), ms);
    return () => clearTimeout(timer);
  }, [ms, value]);
  return still;
}
