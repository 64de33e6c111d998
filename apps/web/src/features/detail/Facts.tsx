import { assetHref } from "../../address/Address.ts";
import { openHere } from "../../address/openHere.ts";
import { usePlace } from "../../address/usePlace.ts";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { trpc } from "../../trpc.ts";
import { say } from "../../ui/toasts.ts";
import { copyText } from "../copyText.ts";
import { useModelNames } from "../models/useModelNames.ts";
import { COST_WORDS } from "./costWords.ts";
import type { Asset, AssetId, AssetVersion } from "@reelstate/lifecycle";

/** Everything chosen and everything measured, each copied by a press. */
export function Facts({ asset, version }: { readonly asset: Asset; readonly version: AssetVersion }) {
  const { words, language } = useWords();
  const costs = COST_WORDS[language];
  const modelNamed = useModelNames();
  const { number, dollars, bytes, moment, span } = measuresOf(words);
  const { params, media } = version;
  const isCurrent = version.id === asset.currentVersion.id;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    [words.detail.model, asset.origin === "uploaded" ? null : modelNamed(version.model)],
    [words.detail.aspect, params.aspectRatio],
    [words.detail.resolution, params.resolution],
    [words.detail.seed, params.seed === undefined ? null : String(params.seed)],
    [
      words.detail.length,
      media?.durationMs ? span(media.durationMs) : params.durationMs === undefined ? null : span(params.durationMs),
    ],
    [words.detail.size, media === null ? null : `${media.width} × ${media.height}`],
    [
      words.detail.fileSize,
      media === null ? null : `${bytes(media.bytes)} ${media.mime.split("/")[1]?.toUpperCase() ?? ""}`,
    ],
    [words.detail.held, asset.liveJob === null ? null : number(asset.liveJob.quote)],
    [words.detail.charged, isCurrent && asset.lastJob !== null ? number(asset.lastJob.charged) : null],
    [
      costs.cost,
      version.cost === undefined ? null : `${dollars(version.cost.usdMicros)} · ${costs.basis[version.cost.basis]}`,
    ],
    [asset.origin === "uploaded" ? words.events.upload : words.detail.created, moment(version.createdAt)],
    [words.detail.id, asset.id],
  ];
  const copy = (text: string) => void copyText(text).then((done) => done && say(words.common.copied));
  return (
    <section aria-label={words.detail.parameters} className="p-5">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-0.5 text-sm">
        {facts.map(
          ([label, value]) =>
            value !== null &&
            value !== undefined && (
              <div key={label} className="contents">
                <dt className="text-soft">{label}</dt>
                <dd className="min-w-0 text-right">
                  <button
                    type="button"
                    title={words.common.copy}
                    onClick={() => copy(value)}
                    className={
                      label === words.detail.id || label === words.detail.seed
                        ? "timecode max-w-full truncate rounded-sm text-xs leading-6 hover:text-accent"
                        : "tabular max-w-full truncate rounded-sm leading-6 hover:text-accent"
                    }
                  >
                    {value}
                  </button>
                </dd>
              </div>
            ),
        )}
      </dl>
      {version.inputs.length > 0 && (
        <div className="mt-4">
          <h3 className="text-xs text-faint">{words.detail.references}</h3>
          <ul className="mt-2 flex flex-wrap gap-2">
            {version.inputs.map(({ assetId }) => (
              <Reference key={assetId} id={assetId} />
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Reference({ id }: { readonly id: AssetId }) {
  const { data: asset } = trpc.assets.get.useQuery({ id }, { retry: false });
  const { openAsset } = usePlace();
  const media = asset?.currentVersion.media;
  return (
    <li>
      <a
        href={assetHref(id)}
        onClick={(event) => openHere(event, () => openAsset(id))}
        aria-label={asset?.name ?? id}
        className="block size-14 overflow-hidden rounded-md border border-line bg-press hover:border-edge"
      >
        {media && <img src={media.thumbUrl} alt="" className="size-full object-cover" />}
      </a>
    </li>
  );
}
