import { useState } from "react";

/**
 * A value that is about something, and is let go once that is another. `about` names what it is about now; whoever sets the
 * value says what it was about then.
 */
export function useUntilChanged<T>(about: string): readonly [T | null, (value: T | null, then: string) => void] {
  const [kept, setKept] = useState<{ readonly value: T; readonly about: string } | null>(null);
  const stands = kept !== null && kept.about === about;
  // Changed back, it does not come up again.
  if (kept !== null && !stands) setKept(null);
  return [stands ? kept.value : null, (value, then) => setKept(value === null ? null : { value, about: then })];
}
