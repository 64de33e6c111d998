import { useEffect } from "react";
import { focusPrompt } from "../composer/focusPrompt.ts";
import { isBusy } from "./isBusy.ts";
import { SEARCH_FIELD } from "./SearchBox.tsx";
import { useStudioUi } from "./StudioUi.ts";

/** Keys that work from everywhere but where one is typing or asked something. */
export function useShortcuts(active: boolean): void {
  const { drawer } = useStudioUi();
  useEffect(() => {
    if (!active) return;
    const keys: Readonly<Record<string, () => void>> = {
      c: focusPrompt,
      "/": () => document.getElementById(SEARCH_FIELD)?.focus(),
      "?": () => drawer.set("help"),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const press = keys[event.key];
      if (
        press === undefined ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.defaultPrevented ||
        isBusy(event.target)
      )
        return;
      event.preventDefault();
      press();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [active, drawer]);
}
