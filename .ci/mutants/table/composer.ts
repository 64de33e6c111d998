import type { Mutant } from "../Mutant.ts";

const COMPOSER = "apps/web/src/features/composer/Composer.tsx";
const USE_COMPOSER = "apps/web/src/features/composer/useComposer.ts";
const COMPOSER_TEST = "apps/web/src/features/composer/Composer.test.tsx";
const REFERENCES_TEST = "apps/web/src/features/composer/references.test.tsx";

/** What people write, choose and are told before anything is made. */
export const COMPOSER_ROWS: readonly Mutant[] = [
  {
    name: "Generate does not wait for an upload",
    rule: "A7",
    file: COMPOSER,
    find: "composed.canSend && !waitingForPicture && flawed === null",
    replace: "composed.canSend && flawed === null",
    test: { file: REFERENCES_TEST, name: "that is still on its way is waited for" },
  },
  {
    name: "a deleted reference is noticed after Generate",
    rule: "A7",
    file: COMPOSER,
    find: "composed.canSend && !waitingForPicture && flawed === null",
    replace: "composed.canSend && !waitingForPicture",
    test: { file: REFERENCES_TEST, name: "that was deleted, or was never made, is marked" },
  },
  {
    name: "a version cannot have other references",
    rule: "A7",
    file: USE_COMPOSER,
    find: "      ...others,\n",
    replace: "",
    test: { file: REFERENCES_TEST, name: "[A7] what failed for want of a reference" },
  },
  {
    name: "a version's references are frozen anew although nobody changed them",
    rule: "A7",
    file: "apps/web/src/features/composer/requestOf.ts",
    find: "id === before[index]) ? null : ids;",
    replace: "id === before[index]) ? ids : ids;",
    test: { file: REFERENCES_TEST, name: "[A7] what failed for want of a reference" },
  },
  {
    name: "words typed while Generate is on its way are lost",
    rule: null,
    file: USE_COMPOSER,
    find: "const untouched = now.prompt === draft.prompt;",
    replace: "const untouched = true;",
    test: { file: COMPOSER_TEST, name: "keeps the words that are typed while Generate is on its way" },
  },
  {
    name: "a refusal stays when what it complained about has changed",
    rule: null,
    file: "apps/web/src/features/composer/useUntilChanged.ts",
    find: "const stands = kept !== null && kept.about === about;",
    replace: "const stands = kept !== null;",
    test: { file: COMPOSER_TEST, name: "takes a refusal back when what it complained about is changed" },
  },
  {
    name: "a broken studio is said to be silent",
    rule: "C4",
    file: "apps/web/src/features/failureWords.ts",
    find: "return studioBroke(error) ? words.broke : words.unreachable;",
    replace: "return studioBroke(error) ? words.unreachable : words.unreachable;",
    test: { file: COMPOSER_TEST, name: "[C4] what broke in the studio is said in other words" },
  },
  {
    name: "a proxy's failure counts as no answer",
    rule: "C4",
    file: "apps/web/src/trpc.ts",
    find: "response.status >= 500 && !speaksJson",
    replace: "response.status >= 600 && !speaksJson",
    test: { file: COMPOSER_TEST, name: "[C4] what broke in the studio is said in other words" },
  },
  {
    name: "a refused picture is refused in the same words whatever is wrong with it",
    rule: "U1",
    file: "apps/web/src/i18n/zh.ts",
    find: "return flaw === null\n",
    replace: "return flaw !== undefined\n",
    test: { file: REFERENCES_TEST, name: "is refused in words of its own, in both languages" },
  },
  {
    name: "two models of one name cost the same to read",
    rule: "C1",
    file: "apps/web/src/features/composer/ModelSelect.tsx",
    find: "aside: priceFrom(model, words),",
    replace: "aside: priceFrom(chosen, words),",
    test: {
      file: "apps/web/src/features/composer/ModelSelect.test.tsx",
      name: "[C1] tells models of one name apart by whose they are",
    },
  },
  {
    name: "a failed card does not say at whom it failed",
    rule: "U1",
    file: "apps/web/src/ui/AssetCard.tsx",
    find: "madeBy={view.failure === null ? null : (madeBy ?? null)}",
    replace: "madeBy={null}",
    test: { file: "apps/web/src/ui/AssetCard.test.tsx", name: "[U1] a failed one says with what and at whom" },
  },
  {
    name: "a failed card does not say which asset it is",
    rule: "U1",
    file: "apps/web/src/ui/CardEnding.tsx",
    find: "        {name}\n",
    replace: "",
    test: { file: "apps/web/src/ui/AssetCard.test.tsx", name: "[U1] shows what the asset is called" },
  },
];
