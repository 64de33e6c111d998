// @vitest-environment jsdom
import { FILE_FLAWS } from "@reelstate/api";
import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { projects } from "../../live/testing/studioSteps.ts";
import { UploadRequest } from "../../testing/UploadRequest.ts";
import { draftOfVersion, draftWithInput, inputFrom } from "./draftFrom.ts";
import { message, openComposer, prompt } from "./testing/openComposer.tsx";
import type { Asset } from "@reelstate/lifecycle";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe("a reference picture", () => {
  const said = new Set<string>();
  const chooser = () => document.querySelector<HTMLInputElement>("[data-reference-input]");
  const choose = (...files: File[]) => {
    const input = chooser();
    if (input === null) throw new Error("There is nowhere to choose a picture.");
    fireEvent.change(input, { target: { files } });
  };

  it("is refused with words before it is sent when a browser can tell", async () => {
    await openComposer();
    choose(new File(["GIF89a"], "loop.gif", { type: "image/gif" }));
    expect(message()).toBe("loop.gif is not a PNG, JPEG or WebP picture. Convert it and add it again.");
    const large = new File(["x"], "wall.png", { type: "image/png" });
    Object.defineProperty(large, "size", { value: 20 * 1024 * 1024 + 1 });
    choose(large);
    expect(message()).toBe("wall.png is larger than 20 MB. Save a smaller copy and add that.");
  });

  it("is not taken by a model that takes none, and the word of it goes with the model", async () => {
    const { user } = await openComposer();
    await user.click(screen.getByRole("radio", { name: "Video" }));
    choose(new File(["x"], "a.png", { type: "image/png" }));
    expect(message()).toBe("This model takes no reference picture");
    await user.click(screen.getByRole("radio", { name: "Image" }));
    expect(message()).toBeUndefined();
  });

  it.each(FILE_FLAWS)("[U1] refused as %s is refused in words of its own, in both languages", async (flaw) => {
    vi.stubGlobal("XMLHttpRequest", UploadRequest);
    const { user } = await openComposer({ switches: true });
    choose(new File(["x"], "a.png", { type: "image/png" }));
    const error = { why: "invalid_input", field: "file", flaw, message: "In English, whatever the reader speaks." };
    UploadRequest.last.answer(400, JSON.stringify({ error }));
    await waitFor(() => expect(message()).toMatch(/\w/));
    const english = message() ?? "";
    expect(english).not.toContain("whatever the reader speaks");
    await user.click(screen.getByRole("button", { name: "中文" }));
    expect(message()).toMatch(/\p{Script=Han}/u);
    said.add(english).add(message() ?? "");
    expect(said.size).toBe(2 * (FILE_FLAWS.indexOf(flaw) + 1));
  });

  it("that is still on its way is waited for: Generate comes after it", async () => {
    vi.stubGlobal("XMLHttpRequest", UploadRequest);
    const { user, script, studio } = await openComposer();
    const picture = studio.move(studio.create("image", projects[0]).id, "completed");
    await user.type(prompt(), "a boat");
    choose(new File(["x"], "sea.png", { type: "image/png" }));
    const waiting = await screen.findByRole<HTMLButtonElement>("button", { name: "Waiting for the picture" });
    expect(waiting.disabled).toBe(true);
    await user.click(prompt());
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(script.creates).toHaveLength(0);
    UploadRequest.last.answer(200, JSON.stringify({ asset: picture }));
    await user.click(await screen.findByRole("button", { name: "Generate" }));
    await waitFor(() => expect(script.creates).toHaveLength(1));
    expect(script.creates[0]?.inputs).toEqual([picture.id]);
  });

  it("that was deleted, or was never made, is marked with a word before Generate, which waits for another", async () => {
    const { user, ui, script, studio, model } = await openComposer();
    const picture = studio.move(studio.create("image", projects[0]).id, "completed");
    const kept = studio.move(studio.create("image", projects[0]).id, "completed");
    const failed = studio.move(studio.create("image", projects[0]).id, "failed");
    const take = (asset: Asset) => act(() => ui.draft.set(draftWithInput(ui.draft.get(), inputFrom(asset), 1)));
    const generate = () => screen.getByRole<HTMLButtonElement>("button", { name: "Generate" });
    await user.type(prompt(), "a boat");
    take(picture);
    await waitFor(() => expect(generate().disabled).toBe(false));
    act(() => {
      studio.remove(picture.id);
      model.wake();
    });
    await waitFor(() => expect(message()).toBe(`${picture.name} was deleted. Remove it, or choose another picture.`));
    expect(generate().disabled).toBe(true);
    expect(document.querySelectorAll("[data-flawed]")).toHaveLength(1);
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(script.creates).toHaveLength(0);
    take(failed);
    await waitFor(() => expect(message()).toContain(`${failed.name} was not made`));
    take(kept);
    await waitFor(() => expect(message()).toBeUndefined());
    await user.click(generate());
    await waitFor(() => expect(script.creates.map(({ inputs }) => inputs)).toEqual([[kept.id]]));
  });
});

describe("a new version", () => {
  it("[A7] what failed for want of a reference can be given another one, and keeps those that are left alone", async () => {
    const { user, ui, studio, model } = await openComposer();
    const failed = studio.move(studio.create("image", projects[0]).id, "failed");
    const kept = studio.move(studio.create("image", projects[0]).id, "completed");
    const made = studio.move(studio.create("image", projects[0]).id, "failed");
    const versionFrom = ({ id }: Asset): Asset => ({
      ...made,
      currentVersion: {
        ...made.currentVersion,
        prompt: "a boat",
        model: "sim/image",
        inputs: [{ assetId: id, versionId: made.currentVersion.id }],
      },
    });
    const edit = (asset: Asset) => act(() => ui.draft.set(draftOfVersion(ui.draft.get(), asset)));
    const make = () => screen.getByRole<HTMLButtonElement>("button", { name: "Make this version" });
    const asked = () => model.starts.map(({ kind, change }) => [kind, change?.inputs]);

    edit(versionFrom(kept));
    await screen.findByRole("button", { name: `Remove ${kept.name}` });
    await user.click(make());
    await waitFor(() => expect(asked()).toEqual([["regenerate", undefined]]));

    edit(versionFrom(failed));
    await waitFor(() => expect(message()).toContain(`${failed.name} was not made`));
    expect(make().disabled).toBe(true);
    act(() => ui.draft.set(draftWithInput(ui.draft.get(), inputFrom(kept), 1)));
    await waitFor(() => expect(make().disabled).toBe(false));
    await user.click(make());
    await waitFor(() => expect(asked().at(-1)).toEqual(["regenerate", [kept.id]]));

    edit(versionFrom(failed));
    await user.click(await screen.findByRole("button", { name: `Remove ${failed.name}` }));
    await user.click(make());
    await waitFor(() => expect(asked().at(-1)).toEqual(["regenerate", []]));
    expect(ui.draft.get()).toMatchObject({ inputs: [], versionOf: null });
  });

  it("[A7] is not kept from its references when they have been deleted since: it was made from frozen ones", async () => {
    const { user, ui, studio, model } = await openComposer();
    const gone = studio.move(studio.create("image", projects[0]).id, "completed");
    const made = studio.move(studio.create("image", projects[0]).id, "failed");
    const { currentVersion } = made;
    const inputs = [{ assetId: gone.id, versionId: gone.currentVersion.id }];
    studio.remove(gone.id);
    const asset = { ...made, currentVersion: { ...currentVersion, prompt: "a boat", model: "sim/image", inputs } };
    act(() => ui.draft.set(draftOfVersion(ui.draft.get(), asset)));
    await screen.findByRole("button", { name: "Remove A reference picture" });
    await waitFor(() => expect(document.querySelectorAll("[data-flawed]")).toHaveLength(1));
    await user.click(screen.getByRole("button", { name: "Make this version" }));
    await waitFor(() => expect(model.starts.map(({ change }) => change?.inputs)).toEqual([undefined]));
  });
});
