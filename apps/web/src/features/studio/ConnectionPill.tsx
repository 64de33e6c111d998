import { CloudOffIcon, RefreshCwIcon } from "lucide-react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { useConnection } from "../../live/useConnection.ts";

/** Says calmly when what is shown is not live; otherwise it is not there. */
export function ConnectionPill() {
  const { words } = useWords();
  const { state, since } = useConnection();
  const offline = state === "offline";
  const Icon = offline ? CloudOffIcon : RefreshCwIcon;
  const hint = offline ? words.top.offline(measuresOf(words).clock(since)) : undefined;
  return (
    <output data-connection={state}>
      {state !== "live" && (
        <span
          title={hint}
          className="appears flex h-7 items-center gap-1.5 rounded-full border border-line px-2 text-xs text-waiting sm:px-2.5"
        >
          <Icon aria-hidden size={13} />
          <span className="max-sm:sr-only">{offline ? words.top.offlineShort : words.top.connecting}</span>
          {hint !== undefined && <span className="sr-only">{hint}</span>}
        </span>
      )}
    </output>
  );
}
