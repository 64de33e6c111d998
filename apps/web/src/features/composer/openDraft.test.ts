// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { stateNamed, STATES } from "../../ui/testing/states.ts";
import { EMPTY_DRAFT } from "./Draft.ts";
import { draftOfVersion, draftWithInput, inputFrom } from "./draftFrom.ts";
import { openDraft } from "./openDraft.ts";
import { remember } from "../../remembered.ts";

beforeEach(() => localStorage.clear());

describe("a remembered draft", () => {
  it.each(["{", "null", "[]", '{"prompt":7,"inputs":"x","count":"3","type":null}'])(
    "is empty where %s was remembered",
    (text) => {
      remember("draft", text);
      expect(openDraft().get()).toEqual(EMPTY_DRAFT);
    },
  );

  it("keeps what has its right type beside what has not", () => {
    remember("draft", '{"prompt":"fog","count":"3","gone":1}');
    expect(openDraft().get()).toEqual({ ...EMPTY_DRAFT, prompt: "fog" });
  });

  it("is not the words of a new version, which belong to their asset", () => {
    const asset = stateNamed(STATES.failed);
    const draft = openDraft();
    draft.set({ ...draft.get(), prompt: "mine" });
    draft.set(draftOfVersion(draft.get(), asset));
    expect(draft.get()).toMatchObject({ prompt: asset.currentVersion.prompt, versionOf: { id: asset.id, inputs: [] } });
    expect(openDraft().get().prompt).toBe("mine");
  });
});

describe("references", () => {
  it("are each there once, the newest kept where there are too many", () => {
    const asset = stateNamed(STATES.completed);
    const first = inputFrom(asset);
    const second = { ...first, assetId: "asset-2" as typeof first.assetId };
    const two = draftWithInput(draftWithInput(EMPTY_DRAFT, first, 2), second, 2);
    expect(draftWithInput(two, first, 2).inputs).toEqual([second, first]);
    expect(draftWithInput(two, { ...first, assetId: "asset-3" as typeof first.assetId }, 1).inputs).toHaveLength(1);
  });
});
