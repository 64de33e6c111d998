import { STATUSES } from "@reelstate/lifecycle";
import { ListFilterIcon } from "lucide-react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { MenuButton } from "../../ui/MenuButton.tsx";
import { usePlace } from "../../address/usePlace.ts";
import { useStatusWords } from "../useStatusWords.ts";

export function StatusFilter() {
  const { words } = useWords();
  const statusWords = useStatusWords();
  const { place, go } = usePlace();
  const { status: chosen, ...elsewhere } = place;
  const choices = [
    { key: "any", label: words.top.anyStatus, chosen: chosen === undefined, onChoose: () => go(elsewhere) },
    ...STATUSES.map((status) => ({
      key: status,
      label: statusWords[status],
      chosen: status === chosen,
      onChoose: () => go({ ...elsewhere, status }),
    })),
  ];
  const said = chosen === undefined ? words.top.anyStatus : statusWords[chosen];
  return (
    <MenuButton label={`${words.top.filter}: ${said}`} choices={choices} aria-pressed={chosen !== undefined}>
      <ListFilterIcon aria-hidden size={17} />
    </MenuButton>
  );
}
