import { useSyncExternalStore } from "react";
import { remember, remembered } from "./remembered.ts";
import { valueStore } from "./live/valueStore.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const theme = valueStore<Theme>("system");

/** The theme, kept on the root element, where `early.js` put it before the first paint. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(theme.subscribe, currentTheme), chooseTheme];
}

function currentTheme(): Theme {
  const chosen = document.documentElement.dataset["theme"] ?? remembered("theme");
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

function chooseTheme(next: Theme): void {
  document.documentElement.dataset["theme"] = next;
  remember("theme", next === "system" ? null : next);
  theme.set(next);
}
