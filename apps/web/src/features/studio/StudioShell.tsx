import { lazy, Suspense } from "react";
import { libraryHref } from "../../address/Address.ts";
import { navigate } from "../../address/navigate.ts";
import { useAddress } from "../../address/useAddress.ts";
import { NotFound } from "../../NotFound.tsx";
import { Composer } from "../composer/Composer.tsx";
import { Gallery, LIBRARY } from "../gallery/Gallery.tsx";
import { useGalleryAssets } from "../gallery/useGalleryAssets.ts";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { NeighboursContext } from "./NeighboursContext.ts";
import { Rail } from "./Rail.tsx";
import { useStored, useStudioUi } from "./StudioUi.ts";
import { TopBar } from "./TopBar.tsx";
import { TroubleBanner } from "./TroubleBanner.tsx";
import { useFocusReturn } from "./useFocusReturn.ts";
import { useShortcuts } from "./useShortcuts.ts";
import type { AssetType } from "@reelstate/lifecycle";

const Detail = lazy(() => import("../detail/Detail.tsx").then(({ Detail }) => ({ default: Detail })));
const HealthPage = lazy(() => import("../health/HealthPage.tsx").then(({ HealthPage }) => ({ default: HealthPage })));
const BudgetPage = lazy(() => import("../budget/BudgetPage.tsx").then(({ BudgetPage }) => ({ default: BudgetPage })));
const ProvidersPage = lazy(() =>
  import("../providers/ProvidersPage.tsx").then(({ ProvidersPage }) => ({ default: ProvidersPage })),
);
const Drawers = lazy(() => import("./Drawers.tsx").then(({ Drawers }) => ({ default: Drawers })));

/** The room: rail, bar, library, composer. Details open over it, so that it is as it was when they close. */
export function StudioShell() {
  const { drawer, draft } = useStudioUi();
  const address = useAddress();
  const { at, place } = address;
  const list = useGalleryAssets(place);
  const opened = useStored(drawer);
  const covered = at !== "library";
  useShortcuts(!covered);
  useFocusReturn(address.at === "asset" ? address.assetId : null);
  /** What was just asked for is in sight: at the top of a list that it belongs to. */
  const showNewest = (type: AssetType) => {
    const hidden = place.q !== undefined || place.status !== undefined || (place.type ?? type) !== type;
    if (hidden) navigate(libraryHref(place.project === undefined ? {} : { project: place.project }));
    document.getElementById(LIBRARY)?.scrollTo({ top: 0 });
  };
  const foldUnused = () => {
    const { prompt, inputs, expanded } = draft.get();
    if (expanded && prompt.trim() === "" && inputs.length === 0) draft.set({ ...draft.get(), expanded: false });
  };
  return (
    <NeighboursContext value={list.assets ?? []}>
      <div inert={covered} className="flex h-full">
        <aside className="w-13 shrink-0 overflow-y-auto border-r border-line max-sm:hidden xl:hidden">
          <Rail look="slim" />
        </aside>
        <aside className="w-52 shrink-0 overflow-y-auto border-r border-line max-xl:hidden">
          <Rail look="full" />
        </aside>
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar />
          <TroubleBanner />
          <div className="relative min-h-0 flex-1">
            <div onPointerDown={foldUnused} className="absolute inset-0">
              <Gallery list={list} />
            </div>
            <div className="pointer-events-none absolute inset-x-0 bottom-0 z-20 flex justify-center px-2 pb-[max(0.5rem,env(safe-area-inset-bottom))] sm:px-4 sm:pb-4">
              <div className="pointer-events-auto w-full max-w-4xl">
                <Composer projectId={place.project} onCreated={showNewest} />
              </div>
            </div>
          </div>
        </div>
      </div>
      <Suspense>{at === "asset" && <Detail />}</Suspense>
      <Suspense>{at === "health" && <HealthPage />}</Suspense>
      <Suspense>{at === "budget" && <BudgetPage />}</Suspense>
      <Suspense>{address.at === "providers" && <ProvidersPage opened={address.provider} />}</Suspense>
      {at === "nowhere" && <NotFound />}
      <Suspense>{opened !== null && <Drawers />}</Suspense>
      <DeleteDialog />
    </NeighboursContext>
  );
}
