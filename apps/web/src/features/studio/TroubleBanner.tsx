import { HardDriveIcon } from "lucide-react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { useTrouble } from "../../live/useTrouble.ts";

/** Says what keeps the whole studio from its work; otherwise it is not there. */
export function TroubleBanner() {
  const { words } = useWords();
  const trouble = useTrouble();
  return (
    <div role="alert" data-trouble={trouble ?? "none"}>
      {trouble !== null && (
        <p className="flex items-center gap-2 border-b border-line px-3 py-2 text-sm text-failed sm:px-4">
          <HardDriveIcon aria-hidden size={16} className="shrink-0" />
          {words.top.trouble[trouble]}
        </p>
      )}
    </div>
  );
}
