import { STATUSES } from "@reelstate/lifecycle";
import { useMemo } from "react";
import { useWords } from "../i18n/LanguageProvider.tsx";
import { statusView } from "../ui/statusView.ts";
import type { Status } from "@reelstate/lifecycle";

/** The word of each status, as cards say it. */
export function useStatusWords(): Readonly<Record<Status, string>> {
  const { language } = useWords();
  return useMemo(
    () =>
      Object.fromEntries(STATUSES.map((status) => [status, statusView(status, language).label])) as Record<
        Status,
        string
      >,
    [language],
  );
}
