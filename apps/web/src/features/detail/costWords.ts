import type { Cost, Language } from "@reelstate/lifecycle";

/** What is said of what a version cost its owner at the provider; loaded with the details. */
export interface CostWords {
  readonly cost: string;
  /** How it is known. */
  readonly basis: Readonly<Record<Cost["basis"], string>>;
}

export const COST_WORDS: Readonly<Record<Language, CostWords>> = {
  en: {
    cost: "Cost at the provider",
    basis: {
      stated: "as it says",
      tokens: "by its tokens, at list price",
      time: "by its running time, at list price",
      units: "by its count, at list price",
    },
  },
  zh: {
    cost: "服务商费用",
    basis: {
      stated: "对方告知",
      tokens: "按 token 数和标价计算",
      time: "按运行时间和标价计算",
      units: "按计量和标价计算",
    },
  },
};
