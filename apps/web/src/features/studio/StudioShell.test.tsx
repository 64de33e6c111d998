// @vitest-environment jsdom
import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { navigate } from "../../address/navigate.ts";
import { projects } from "../../live/testing/studioSteps.ts";
import { openStudioPage } from "../../testing/openStudioPage.tsx";
import { StudioShell } from "./StudioShell.tsx";
import type { Status } from "@reelstate/lifecycle";

/** The whole room, with one asset for each status given, the first the oldest. */
async function openStudio(...statuses: readonly Status[]) {
  const opened = openStudioPage(<StudioShell />);
  const made = statuses.map((status) => {
    const asset = opened.studio.create("image", projects[0]);
    return status === "pending" ? asset : opened.studio.move(asset.id, status);
  });
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  if (made.length > 0) await waitFor(() => expect(cards()).toHaveLength(made.length));
  return { ...opened, made, user };
}

const cards = () => screen.queryAllByRole("article");
const statuses = () => cards().map(({ dataset }) => dataset["status"]);
const link = (index: number) => within(cards()[index] ?? document.body).getByRole("link");

beforeEach(() => {
  localStorage.clear();
  navigate("/");
});
afterEach(cleanup);

describe("the library", () => {
  it("[U4] shows a skeleton at once for what is asked for, in front of everything else", async () => {
    const { user, script } = await openStudio("completed");
    await user.keyboard("c");
    await waitFor(() => expect(document.activeElement?.id).toBe("prompt"));
    await user.keyboard("a boat{Control>}{Enter}{/Control}");
    await waitFor(() => expect(statuses()).toEqual(["pending", "completed"]));
    expect(script.creates).toHaveLength(1);
  });

  it("[U4] leaves a view in which what was asked for would not be seen", async () => {
    const { user } = await openStudio("failed");
    act(() => navigate("/?status=failed"));
    await waitFor(() => expect(statuses()).toEqual(["failed"]));
    await user.keyboard("c");
    await waitFor(() => expect(document.activeElement?.id).toBe("prompt"));
    await user.keyboard("a boat{Control>}{Enter}{/Control}");
    await waitFor(() => expect(statuses()).toEqual(["pending", "failed"]));
    expect(location.search).toBe("");
  });

  it("[U5] follows the feed, and asks for nothing again", async () => {
    const { made, studio, model } = await openStudio("pending");
    const [asset] = made;
    await waitFor(() => expect(model.streams).toBe(1));
    const reads = model.lists;
    await act(async () => {
      if (asset !== undefined) studio.move(asset.id, "failed");
      model.wake();
    });
    await waitFor(() => expect(statuses()).toEqual(["failed"]));
    expect(model.lists).toBe(reads);
  });

  it("[U6] speaks the other language in place, at once, and remembers it", async () => {
    const { user } = await openStudio("pending", "failed");
    expect(link(0).getAttribute("aria-label")).toMatch(/failed$/);
    await user.click(screen.getByRole("button", { name: "Language" }));
    await user.click(await screen.findByRole("menuitem", { name: "中文" }));
    await waitFor(() => expect(link(0).getAttribute("aria-label")).toMatch(/失败$/));
    expect(screen.getByRole("searchbox", { name: "搜索名称和提示词" })).toBeDefined();
    expect([document.documentElement.lang, localStorage.getItem("reelstate.language")]).toEqual(["zh-CN", "zh"]);
  });

  it("invites with examples where there is nothing, each one press from the prompt", async () => {
    const { user } = await openStudio();
    await user.click(await screen.findByRole("button", { name: /A lighthouse in morning fog/ }));
    const prompt = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Prompt" });
    expect(prompt.value).toMatch(/^A lighthouse in morning fog/);
    await waitFor(() => expect(document.activeElement).toBe(prompt));
  });

  it("says why nothing matches, with the way back", async () => {
    const { user } = await openStudio("completed");
    act(() => navigate("/?status=cancelled"));
    await user.click(await screen.findByRole("button", { name: "Show everything" }));
    await waitFor(() => expect(statuses()).toEqual(["completed"]));
  });
});

describe("with the keyboard", () => {
  it("arrows move between cards, and Delete asks before it deletes", async () => {
    const { user, studio } = await openStudio("completed", "completed");
    link(0).focus();
    await user.keyboard("{ArrowRight}");
    expect(document.activeElement).toBe(link(1));
    await user.keyboard("{Delete}");
    const dialog = await screen.findByRole("alertdialog");
    expect(studio.assets.size).toBe(2);
    await user.click(within(dialog).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(cards()).toHaveLength(1));
    expect(studio.assets.size).toBe(1);
  });

  it("Enter opens the details, Escape comes back, and the address follows", async () => {
    const { user, made } = await openStudio("completed");
    link(0).focus();
    await user.keyboard("{Enter}");
    await screen.findByRole("main", { name: /^Details of/ });
    expect(location.pathname).toBe(`/a/${made[0]?.id}`);
    expect(document.title).toContain(made[0]?.name ?? "nothing");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("main", { name: /^Details of/ })).toBeNull());
    expect(location.pathname).toBe("/");
    expect(document.activeElement).toBe(link(0));
  });

  it("an asset that is not there is said so", async () => {
    await openStudio("completed");
    act(() => navigate("/a/gone"));
    expect(await screen.findByText("It was deleted, or the address is not quite right.")).toBeDefined();
  });
});

describe("acting", () => {
  it("[J8] a refusal is said, and the card shows what is true by then", async () => {
    const { user, made, studio } = await openStudio("pending");
    const [asset] = made;
    // Its event is lost on the way: nobody wakes the feed.
    if (asset !== undefined) studio.move(asset.id, "completed");
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(statuses()).toEqual(["completed"]));
  });

  it("[J7] Cancel on a card cancels, and the card says so", async () => {
    const { user } = await openStudio("pending");
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(statuses()).toEqual(["cancelled"]));
    expect(cards()[0]?.textContent).toContain("You stopped this one.");
  });
});
