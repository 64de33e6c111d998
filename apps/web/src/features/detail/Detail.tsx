import { ArrowLeftIcon, ChevronLeftIcon, ChevronRightIcon } from "lucide-react";
import { use, useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { refusalOf, trpc } from "../../trpc.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { NeighboursContext } from "../studio/NeighboursContext.ts";
import { isBusy } from "../studio/isBusy.ts";
import { usePlace } from "../../address/usePlace.ts";
import { DetailMissing } from "./DetailMissing.tsx";
import { DetailStage } from "./DetailStage.tsx";
import { Inspector } from "./Inspector.tsx";
import type { Asset, AssetId, AssetVersion } from "@reelstate/lifecycle";

/** One asset, full-bleed, with everything that is known of it at its side. */
export function Detail() {
  const { assetId } = usePlace();
  return assetId === null ? null : <DetailOf key={assetId} id={assetId} />;
}

function DetailOf({ id }: { readonly id: AssetId }) {
  const { words } = useWords();
  const { closeAsset, openAsset } = usePlace();
  const listed = use(NeighboursContext);
  const { data: asset, error } = trpc.assets.get.useQuery({ id });
  const room = useRef<HTMLElement>(null);
  const index = listed.findIndex((one) => one.id === id);
  const previous = index === -1 ? undefined : listed[index - 1];
  const next = index === -1 ? undefined : listed[index + 1];
  const shown = asset ?? listed[index];
  const missing = shown === undefined && error !== null && refusalOf(error)?.why === "not_found";

  useEffect(() => room.current?.focus(), []);
  const title = shown?.name;
  useEffect(() => {
    if (title === undefined) return;
    document.title = `${title} · ${words.studio}`;
    return () => {
      document.title = words.studio;
    };
  }, [title, words.studio]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
      if (isBusy(event.target) || event.target instanceof HTMLMediaElement) return;
      const press = {
        Escape: closeAsset,
        ArrowLeft: () => previous && openAsset(previous.id),
        ArrowRight: () => next && openAsset(next.id),
      }[event.key];
      if (press === undefined) return;
      event.preventDefault();
      press();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [closeAsset, next, openAsset, previous]);

  return (
    <main
      ref={room}
      tabIndex={-1}
      aria-label={shown === undefined ? words.detail.notFound : words.detail.label(shown.name)}
      className="appears fixed inset-0 z-40 flex flex-col bg-room outline-none"
    >
      <header className="flex h-13 shrink-0 items-center gap-1 border-b border-line px-2">
        <IconButton label={words.detail.back} onClick={closeAsset}>
          <ArrowLeftIcon aria-hidden size={18} />
        </IconButton>
        <h1 className="min-w-0 flex-1 truncate px-1 text-base font-medium">
          {shown?.name ?? (missing ? words.detail.notFound : words.common.loading)}
        </h1>
        <IconButton
          label={words.detail.previous}
          disabled={previous === undefined}
          onClick={() => previous && openAsset(previous.id)}
        >
          <ChevronLeftIcon aria-hidden size={18} />
        </IconButton>
        <IconButton label={words.detail.next} disabled={next === undefined} onClick={() => next && openAsset(next.id)}>
          <ChevronRightIcon aria-hidden size={18} />
        </IconButton>
      </header>
      {shown !== undefined ? (
        <DetailBody asset={shown} />
      ) : missing ? (
        <DetailMissing />
      ) : (
        <Skeleton label={words.common.loading} className="m-4 flex-1" />
      )}
    </main>
  );
}

function DetailBody({ asset }: { readonly asset: Asset }) {
  const { data: history } = trpc.assets.history.useQuery({ id: asset.id });
  const [older, setOlder] = useState<AssetVersion | null>(null);
  const [comparing, setComparing] = useState(false);
  const look = (version: AssetVersion | null) => {
    setOlder(version?.id === asset.currentVersion.id ? null : version);
    if (version === null) setComparing(false);
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col max-lg:overflow-y-auto lg:flex-row">
      <DetailStage
        asset={asset}
        older={older}
        comparing={comparing}
        onCompare={setComparing}
        onCurrent={() => look(null)}
      />
      <Inspector asset={asset} history={history ?? null} shown={older ?? asset.currentVersion} onLook={look} />
    </div>
  );
}
