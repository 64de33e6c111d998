import { CSPProvider } from "@base-ui/react/csp-provider";
import { useState } from "react";
import { BrokenBoundary } from "./BrokenBoundary.tsx";
import { StudioShell } from "./features/studio/StudioShell.tsx";
import { createStudioUi, StudioUiContext } from "./features/studio/StudioUi.ts";
import { LanguageProvider, useWords } from "./i18n/LanguageProvider.tsx";
import { StudioProviders } from "./StudioProviders.tsx";
import { Toasts } from "./ui/Toasts.tsx";

export function App() {
  const [ui] = useState(createStudioUi);
  return (
    // The content security policy allows no style elements.
    <CSPProvider disableStyleElements>
      <LanguageProvider>
        <StudioProviders>
          <StudioUiContext value={ui}>
            <BrokenBoundary>
              <StudioShell />
            </BrokenBoundary>
            <StudioToasts />
          </StudioUiContext>
        </StudioProviders>
      </LanguageProvider>
    </CSPProvider>
  );
}

function StudioToasts() {
  const { words } = useWords();
  return <Toasts label={words.common.messages} closeLabel={words.common.close} />;
}
