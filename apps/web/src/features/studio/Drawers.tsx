import { useWords } from "../../i18n/LanguageProvider.tsx";
import { Drawer } from "../../ui/Drawer.tsx";
import { CreditsPanel } from "../credits/CreditsPanel.tsx";
import { QueuePanel } from "../queue/QueuePanel.tsx";
import { SettingsPanel } from "../settings/SettingsPanel.tsx";
import { HelpPanel } from "./HelpPanel.tsx";
import { Rail } from "./Rail.tsx";
import { useStored, useStudioUi } from "./StudioUi.ts";
import { useLast } from "../useLast.ts";

/** The one drawer that is open. */
export function Drawers() {
  const { words } = useWords();
  const { drawer } = useStudioUi();
  const opened = useStored(drawer);
  const shown = useLast(opened);
  const close = () => drawer.set(null);
  const titles = {
    queue: words.queue.title,
    credits: words.credits.title,
    settings: words.settings.title,
    help: words.help.title,
    rail: words.views.menu,
  };
  return (
    <Drawer
      open={opened !== null}
      onClose={close}
      title={shown === null ? "" : titles[shown]}
      closeLabel={words.common.close}
      side={shown === "rail" ? "bottom" : "right"}
    >
      {shown === "queue" && <QueuePanel onLeave={close} />}
      {shown === "credits" && <CreditsPanel onLeave={close} />}
      {shown === "settings" && <SettingsPanel onLeave={close} />}
      {shown === "help" && <HelpPanel />}
      {shown === "rail" && (
        <>
          <Rail look="full" onLeave={close} />
          <div className="border-t border-line">
            <SettingsPanel onLeave={close} />
          </div>
        </>
      )}
    </Drawer>
  );
}
