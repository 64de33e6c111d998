import { EMPTY_DRAFT } from "./Draft.ts";
import { remember, remembered } from "../../remembered.ts";
import { valueStore } from "../../live/valueStore.ts";
import type { ValueStore } from "../../live/valueStore.ts";
import type { Draft } from "./Draft.ts";

const KEY = "draft";

/** The draft as it was left, in this browser; every change is remembered. */
export function openDraft(): ValueStore<Draft> {
  const store = valueStore<Draft>({ ...EMPTY_DRAFT, ...parsed(remembered(KEY)) });
  store.subscribe(() => {
    const { expanded: _expanded, versionOf, ...kept } = store.get();
    // The words of a new version belong to an asset that may be gone tomorrow.
    if (versionOf === null) remember(KEY, JSON.stringify(kept));
  });
  return store;
}

/** Takes what has the type it should have; a draft of an older program is no reason to fail. */
function parsed(text: string | null): Partial<Draft> {
  try {
    const kept = JSON.parse(text ?? "{}") as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(kept).filter(([key, value]) => {
        const empty = EMPTY_DRAFT[key as keyof Draft];
        if (empty === undefined) return false;
        if (Array.isArray(empty)) return Array.isArray(value);
        return empty === null
          ? value === null || typeof value === "string" || typeof value === "number"
          : typeof value === typeof empty;
      }),
    );
  } catch {
    return {};
  }
}
