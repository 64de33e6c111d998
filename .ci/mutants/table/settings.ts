import type { Mutant } from "../Mutant.ts";

const FORM = "apps/web/src/features/providers/ProviderForm.tsx";
const BUDGET_TEST = "apps/web/src/features/budget/BudgetPage.test.tsx";
const PAGE_TEST = "apps/web/src/features/providers/ProvidersPage.test.tsx";

/** What people set for the whole studio, and whether the page tells the truth of it. */
export const SETTINGS_ROWS: readonly Mutant[] = [
  {
    name: "what is typed is lost where it could not be kept",
    rule: null,
    file: FORM,
    find: 'setSaving({ at: "failed", error });',
    replace: 'set(UNTOUCHED), setSaving({ at: "failed", error });',
    test: { file: PAGE_TEST, name: "that could not be kept is said so, is still there" },
  },
  {
    name: "what was typed meanwhile is said to be saved",
    rule: null,
    file: "apps/web/src/features/providers/ProviderDraft.ts",
    find: 'key: now.key === sent.key ? "" : now.key,',
    replace: 'key: "",',
    test: { file: PAGE_TEST, name: "that is typed on while it is on its way" },
  },
  {
    name: "a kept key is sent to another address",
    rule: null,
    file: "apps/web/src/features/providers/ProviderDraft.ts",
    find: 'key === undefined && card.key?.from === "settings"',
    replace: 'key !== undefined && card.key?.from === "settings"',
    test: { file: PAGE_TEST, name: "is asked for again for another address" },
  },
  {
    name: "an order that was not kept stays on the screen",
    rule: null,
    file: "apps/web/src/features/providers/useProviderSettings.ts",
    find: '      setSaving((now) => (now.at === "failed" ? now : { at: "failed", error }));',
    replace: '      settle(change), setSaving((now) => (now.at === "failed" ? now : { at: "failed", error }));',
    also: [{ find: "if (underWay.current === 0) void list.invalidate();", replace: "" }],
    test: { file: PAGE_TEST, name: "that was not kept is shown as it is" },
  },
  {
    name: "the page of the budget does not follow what is set aside",
    rule: "C5",
    file: "apps/web/src/features/budget/BudgetPage.tsx",
    find: "if (credits !== undefined) void refetch();",
    replace: "if (credits === null) void refetch();",
    test: { file: BUDGET_TEST, name: "[C5] says that a cap is used up" },
  },
  {
    name: "an emptied cap is a cap of nothing",
    rule: null,
    file: "apps/web/src/features/budget/capFrom.ts",
    find: 'text === "" ? null : Number(text)',
    replace: "Number(text)",
    test: { file: BUDGET_TEST, name: "an emptied cap is none" },
  },
  {
    name: "a refused key leads nowhere",
    rule: "U1",
    file: "apps/web/src/features/useAssetPress.ts",
    find: "return navigate(providersHref(place, providerOf(asset)));",
    replace: "return;",
    test: {
      file: "apps/web/src/features/useAssetPress.test.tsx",
      name: "[U1] leads to where that provider's key is set",
    },
  },
];
