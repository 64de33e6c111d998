import { viewOf } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { lived } from "../storm/lived.ts";
import { judgeCards } from "./judgeCards.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { ShownCard } from "../harness/readCards.ts";

/** As the page draws it. */
function cardOf(shown: Asset): ShownCard {
  const { label, failure, overlay } = viewOf(shown, "en");
  const { media } = shown.currentVersion;
  return {
    id: shown.id,
    status: shown.status,
    name: `Fog, image, ${label.toLowerCase()}`,
    text: failure === null ? "" : `${label}Fog${failure.title}${failure.hint}${failure.charged}`,
    phase: overlay?.phase ?? null,
    pictures: media === null ? [] : [`http://127.0.0.1:4600${media.thumbUrl}`],
  };
}

const made = lived("create", "claim", "complete");
const failed = lived("create", "claim", "fail_final");
const judged = (shown: ShownCard, truth: Asset) => judgeCards([shown], [truth], "en").map(({ rule }) => rule);

it("[U6] what a page shows is accused where it is not what is true, and nowhere else", () => {
  expect(judged(cardOf(made), made)).toEqual([]);
  expect(judged(cardOf(failed), failed)).toEqual([]);
  expect(judged({ ...cardOf(made), status: "processing" }, made)).toEqual(["U5"]);
  expect(judged({ ...cardOf(made), name: "Fog, image, waiting" }, made)).toEqual(["U5"]);
  expect(judged({ ...cardOf(made), phase: "storing" }, made)).toEqual(["U5"]);
  expect(judged({ ...cardOf(made), pictures: [] }, made)).toEqual(["U5"]);
  expect(judged({ ...cardOf(failed), text: "Failed" }, failed)).toEqual(["U5"]);
  expect(judgeCards([], [made], "en")).toHaveLength(1);
  expect(judgeCards([cardOf(made), cardOf(failed)], [made], "en")).toHaveLength(1);
});
