import type { Language } from "@reelstate/lifecycle";

/** What the page of the budget says; loaded with it. */
export interface BudgetPageWords {
  readonly title: string;
  readonly intro: string;
  readonly loadFailed: string;
  readonly day: string;
  readonly month: string;
  readonly cap: Readonly<Record<"day" | "month", string>>;
  readonly capHint: string;
  readonly capWrong: string;
  readonly noCap: string;
  readonly spent: (spent: string, cap: string | null) => string;
  readonly held: (held: string) => string;
  readonly usedUp: string;
  readonly anew: (when: string) => string;
}

const EN: BudgetPageWords = {
  title: "Budget",
  intro:
    "What everyone here may spend together, in credits. What is free stays free. Where a cap is reached nothing new is begun; what is under way is finished.",
  loadFailed: "The budget could not be loaded.",
  day: "Today",
  month: "This month",
  cap: { day: "At most a day", month: "At most a month" },
  capHint: "Empty: no cap.",
  capWrong: "A whole number of credits, or nothing.",
  noCap: "No cap",
  spent: (spent, cap) => (cap === null ? `${spent} credits spent` : `${spent} of ${cap} credits spent`),
  held: (held) => `${held} set aside for what is under way`,
  usedUp: "Used up: nothing that costs credits is begun.",
  anew: (when) => `Counted anew from ${when}.`,
};

const ZH: BudgetPageWords = {
  title: "预算",
  intro: "这里所有人合计能花多少积分。免费的不受影响。到了上限就不再开始新的制作，已经开始的会做完。",
  loadFailed: "预算没能加载出来。",
  day: "今天",
  month: "本月",
  cap: { day: "每天最多", month: "每月最多" },
  capHint: "留空则不设上限。",
  capWrong: "请填不小于 0 的整数，或留空。",
  noCap: "不设上限",
  spent: (spent, cap) => (cap === null ? `已花 ${spent} 积分` : `已花 ${spent} 积分，上限 ${cap}`),
  held: (held) => `另有 ${held} 积分为进行中的制作预留`,
  usedUp: "已用完：不再开始需要积分的制作。",
  anew: (when) => `${when} 起重新计算。`,
};

export const BUDGET_PAGE_WORDS: Readonly<Record<Language, BudgetPageWords>> = { en: EN, zh: ZH };
