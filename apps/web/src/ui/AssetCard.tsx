import { viewOf } from "@reelstate/lifecycle";
import { clsx } from "clsx";
import { EllipsisIcon } from "lucide-react";
import { memo, useId, useMemo } from "react";
import { openHere } from "../address/openHere.ts";
import { studioWordsOf } from "../i18n/studioWordsOf.ts";
import { Button } from "./Button.tsx";
import { CardBadge } from "./CardBadge.tsx";
import { CardEnding } from "./CardEnding.tsx";
import { CardMedia } from "./CardMedia.tsx";
import { ProgressOverlay } from "./ProgressOverlay.tsx";
import { PromptField } from "./PromptField.tsx";
import type { Asset, AssetAction, Language, PrimaryActionView } from "@reelstate/lifecycle";

export interface AssetCardProps {
  readonly asset: Asset;
  readonly language: Language;
  /** Where the card leads, for those who open it in another tab. */
  readonly href: string;
  onOpen(asset: Asset): void;
  /** The one button that the card offers by itself: the action that helps, or the way to stop. */
  onAction(asset: Asset, action: PrimaryActionView): void;
  /** Everything else it offers, opened beside the button. */
  onMenu?(asset: Asset, anchor: HTMLElement): void;
  /** An action on its way: no other can be pressed. */
  readonly acting?: AssetAction | null;
  readonly sizes?: string;
  /** The model and its provider by name; said where it failed. */
  readonly madeBy?: string | undefined;
}

/** One asset: the picture, or what is true instead of it. Says what `viewOf` says and nothing else (U6). */
export const AssetCard = memo(function AssetCard({
  asset,
  language,
  href,
  onOpen,
  onAction,
  onMenu,
  acting = null,
  sizes,
  madeBy,
}: AssetCardProps) {
  const words = studioWordsOf(language);
  const view = useMemo(() => viewOf(asset, language), [asset, language]);
  const saidId = useId();
  const { media, prompt } = asset.currentVersion;
  const name = asset.name === "" ? prompt : asset.name;
  const notice = view.failure ?? view.cancelled;
  const cancel = view.overlay === null ? undefined : view.actions.find(({ type }) => type === "cancel");
  const busy = acting !== null;

  return (
    <article
      data-asset-id={asset.id}
      data-status={asset.status}
      className="group/card @container relative size-full overflow-hidden rounded-sm bg-table text-ink focus-within:z-10"
    >
      {media !== null && notice === null ? (
        <CardMedia media={media} sizes={sizes} still={view.overlay !== null} />
      ) : (
        <PromptField prompt={prompt} desaturated={notice !== null} />
      )}
      <a
        href={href}
        data-card-link
        aria-label={words.card.name(name, words.type[asset.type], view.label)}
        aria-describedby={view.overlay !== null || notice !== null || view.badge !== null ? saidId : undefined}
        onClick={(event) => openHere(event, () => onOpen(asset))}
        onContextMenu={(event) => {
          if (onMenu === undefined || event.shiftKey) return;
          event.preventDefault();
          onMenu(asset, event.currentTarget);
        }}
        className="absolute inset-0 rounded-sm -outline-offset-3! focus-visible:shadow-[inset_0_0_0_5px_rgb(0_0_0/0.75)] focus-visible:outline-3"
      />
      <div id={saidId} className="contents">
        {view.overlay !== null && (
          <>
            {media === null && <PromptText prompt={prompt} />}
            <ProgressOverlay
              overlay={view.overlay}
              language={language}
              action={
                cancel !== undefined && (
                  <Button small disabled={busy} onClick={() => onAction(asset, { ...cancel, edit: false })}>
                    {cancel.label}
                  </Button>
                )
              }
            />
          </>
        )}
        {notice !== null && (
          <CardEnding
            name={name}
            madeBy={view.failure === null ? null : (madeBy ?? null)}
            notice={notice}
            icon={view.icon}
            tone={view.tone}
            label={view.label}
            primary={view.primaryAction}
            busy={busy}
            onPrimary={(action) => onAction(asset, action)}
          />
        )}
        {view.badge !== null && (
          <CardBadge badge={view.badge} busy={busy} onAction={(action) => onAction(asset, action)} />
        )}
      </div>
      {onMenu !== undefined && view.actions.length > 0 && (
        <button
          type="button"
          aria-label={words.card.actions(name)}
          aria-haspopup="menu"
          title={words.common.more}
          onClick={(event) => onMenu(asset, event.currentTarget)}
          className={clsx(
            "absolute top-1.5 right-1.5 grid size-8 place-items-center rounded-md transition-opacity duration-150",
            media !== null && notice === null
              ? "over-picture bg-scrim hover:brightness-125"
              : "text-soft hover:bg-press hover:text-ink",
            "opacity-0 group-focus-within/card:opacity-100 group-hover/card:opacity-100 [@media(hover:none)]:opacity-100",
          )}
        >
          <EllipsisIcon aria-hidden size={16} />
        </button>
      )}
    </article>
  );
});

function PromptText({ prompt }: { readonly prompt: string }) {
  return (
    <p className="pointer-events-none absolute inset-x-3 top-3 mr-8 line-clamp-3 text-sm text-soft @max-[11rem]:line-clamp-2">
      {prompt}
    </p>
  );
}
