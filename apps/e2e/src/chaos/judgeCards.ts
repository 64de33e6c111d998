import { viewOf } from "@reelstate/lifecycle";
import type { Asset, Language, Media } from "@reelstate/lifecycle";
import type { ShownCard } from "../harness/readCards.ts";
import type { Finding } from "../storm/Finding.ts";

/** U6: the cards are those of the list, in its order, and each says what `viewOf` says of its asset. */
export function judgeCards(
  cards: readonly ShownCard[],
  assets: readonly Asset[],
  language: Language,
): readonly Finding[] {
  const order = (things: readonly { readonly id: string }[]): string => things.map(({ id }) => id).join(" ");
  if (order(cards) !== order(assets))
    return [finding("gallery", `It shows ${cards.length} of ${assets.length}: ${order(cards)}, not ${order(assets)}.`)];
  return assets.flatMap((asset, index) => {
    const card = cards[index];
    const flaw = card === undefined ? "it is not shown" : flawOf(card, asset, language);
    return flaw === null ? [] : [finding(asset.id, `${asset.status} is true; ${flaw}: ${JSON.stringify(card)}`)];
  });
}

function flawOf(card: ShownCard, asset: Asset, language: Language): string | null {
  const { label, failure, cancelled, badge, overlay } = viewOf(asset, language);
  const notice = failure ?? cancelled;
  const said = notice === null ? [badge?.label ?? ""] : [notice.title, notice.charged];
  const { media } = asset.currentVersion;
  if (card.status !== asset.status) return "another status is shown";
  if (!card.name.toLowerCase().includes(label.toLowerCase())) return `it is not called ${label}`;
  if ((card.phase === null) !== (overlay === null))
    return "work is shown that is not under way, or the other way round";
  if (!said.every((words) => card.text.includes(words))) return `it does not say ${said.join(" ")}`;
  if (notice === null && media !== null && !card.pictures.some((picture) => isOf(picture, media)))
    return "another picture is shown, or none";
  return null;
}

function isOf(picture: string, { url, posterUrl, thumbUrl }: Media): boolean {
  return [url, posterUrl, thumbUrl].some((path) => picture.endsWith(path));
}

export function finding(subject: string, explanation: string): Finding {
  return { rule: "U5", subject: `screen, ${subject}`, explanation };
}
