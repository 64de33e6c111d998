import { inTurn } from "../storm/inTurn.ts";
import { wornOut } from "../storm/Trade.ts";
import type { ServedName, ServedProvider } from "@reelstate/cluster/providers";
import type { Kind, Trade } from "../storm/Trade.ts";

/** What a word in a prompt makes a provider's server do, and what may come of that; see apps/server/src/testing/protocols. */
const WORDS: Readonly<Record<ServedName, Readonly<Record<string, readonly string[]>>>> = {
  fal: { "": [], "[slow]": [], "[broken]": [], "[declined]": ["content_policy_input"] },
  replicate: { "": [], "[slow]": [], "[broken]": [], "[declined]": ["content_policy_output"] },
  // It makes one thing at a time: what is slow keeps the others waiting.
  comfyui: { "": [], "[slow]": [], "[oom]": [], "[broken]": ["provider_unavailable"] },
};
/** How much more often than anything else people order what simply goes well. */
const PLAIN = 3;

/**
 * Pictures from all of them, in turn. No two makings have the same prompt: by it a provider's requests are told apart, which know
 * nothing else of us.
 */
export function servedTrade(providers: readonly ServedProvider[]): Trade {
  const kinds = providers.flatMap(({ name, model }) =>
    Object.keys(WORDS[name]).flatMap((words): readonly Kind[] => {
      const kind: Kind = { type: "image", model, params: { aspectRatio: "16:9" }, words };
      return words === "" ? Array.from({ length: PLAIN }, () => kind) : [kind];
    }),
  );
  return {
    kindsInTurn: (chance) =>
      inTurn(
        kinds.map((kind) => () => kind),
        chance,
      ),
    atOnce: 1,
    follower: null,
    again: ["regenerate"],
    change: (_kind, prompt) => ({ prompt: prompt.replace(/ \[\w+\]$/, "") }),
    hangs: ({ prompt }) => prompt.includes("[slow]"),
    mayFail: ({ prompt, model }, story) => {
      const maker = providers.find((provider) => provider.model === model);
      if (maker === undefined) return new Set();
      const ofWords = Object.entries(WORDS[maker.name]).flatMap(([word, codes]) =>
        word !== "" && prompt.includes(word) ? codes : [],
      );
      // Where nobody can ask, the answer that a kill or a fault takes is never known.
      return new Set([...ofWords, ...(maker.looksUp ? [] : ["unconfirmed_submit"]), ...wornOut(story)]);
    },
  };
}
