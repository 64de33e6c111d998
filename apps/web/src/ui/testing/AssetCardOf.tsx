import { AssetCard } from "../AssetCard.tsx";
import type { AssetCardProps } from "../AssetCard.tsx";

const quiet = () => {};

/** A card as the library shows it, without a menu. */
export function AssetCardOf({
  language = "en",
  onAction = quiet,
  ...rest
}: Pick<AssetCardProps, "asset"> & Partial<AssetCardProps>) {
  return <AssetCard href={`/a/${rest.asset.id}`} onOpen={quiet} language={language} onAction={onAction} {...rest} />;
}
