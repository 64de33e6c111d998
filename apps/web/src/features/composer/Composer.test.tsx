// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { message, openComposer, prompt } from "./testing/openComposer.tsx";

const price = () => document.querySelector<HTMLElement>("[data-price]")?.dataset["price"];
beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe("the price", () => {
  it("[C1] is the studio's quote, asked again when a choice changes and not when a word does", async () => {
    const { user, script } = await openComposer();
    await waitFor(() => expect(price()).toBe("6"));
    const asked = script.quotes.length;
    await user.type(prompt(), "a boat");
    await user.click(screen.getByRole("button", { name: "One more" }));
    await waitFor(() => expect(price()).toBe("12"));
    expect(script.quotes.length).toBe(asked + 1);
    expect(script.quotes.at(-1)).toMatchObject({ count: 2, model: "sim/image" });
    expect(screen.getByText("12 credits")).toBeDefined();
  });

  it("[C1] is sent along, and a changed one is said in words and not paid until pressed again", async () => {
    const { user, script } = await openComposer();
    await user.type(prompt(), "a boat");
    await waitFor(() => expect(price()).toBe("6"));
    script.priceEach = 9;
    await user.click(screen.getByRole("button", { name: "Generate" }));
    await waitFor(() => expect(message()).toBe("The price is 9 credits now. If that is fine, press again."));
    expect(script.creates.at(-1)?.expectedQuote).toBe(6);
    expect(prompt().value).toBe("a boat");
    await waitFor(() => expect(price()).toBe("9"));
    await user.click(screen.getByRole("button", { name: "Generate" }));
    await waitFor(() => expect(prompt().value).toBe(""));
    expect(script.creates.at(-1)?.expectedQuote).toBe(9);
  });

  it("[C1] says how many credits are missing before anything is sent", async () => {
    const { user, script } = await openComposer();
    script.priceEach = 1_500;
    await user.click(screen.getByRole("button", { name: "One more" }));
    await waitFor(() => expect(document.body.textContent).toContain("2,000 credits short"));
    expect(script.creates).toHaveLength(0);
  });
});

describe("sending", () => {
  it("[U4] sends what was chosen with Ctrl+Enter, and is empty for the next", async () => {
    const { user, script, studio } = await openComposer();
    await user.type(prompt(), "a boat");
    await user.click(screen.getByRole("radio", { name: "1:1" }));
    await user.type(screen.getByRole("textbox", { name: /Seed/ }), "42");
    await user.click(prompt());
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(prompt().value).toBe(""));
    expect(script.creates).toHaveLength(1);
    expect(script.creates[0]).toMatchObject({
      type: "image",
      prompt: "a boat",
      model: "sim/image",
      params: { aspectRatio: "1:1", resolution: "1080p", seed: 42 },
      count: 1,
    });
    expect(studio.assets.size).toBe(1);
  });

  it("[C4] a press whose answer was lost says so, and the next press of the same carries the same key", async () => {
    const { user, script } = await openComposer();
    await user.type(prompt(), "a boat");
    await waitFor(() => expect(price()).toBe("6"));
    script.cut = true;
    await user.click(screen.getByRole("button", { name: "Generate" }));
    await waitFor(() => expect(message()).toContain("did not answer"));
    script.cut = false;
    await user.click(screen.getByRole("button", { name: "Generate" }));
    await waitFor(() => expect(prompt().value).toBe(""));
    const [first, again] = script.creates.map(({ idempotencyKey }) => idempotencyKey);
    expect(first).toMatch(/.{16,}/);
    expect(again).toBe(first);
  });

  it("[C1] a press that is faster than the price agrees to what is on screen, or waits for it", async () => {
    const { user, script } = await openComposer();
    await user.type(prompt(), "a boat");
    await user.click(screen.getByRole("button", { name: "Generate" }));
    await waitFor(() => expect(script.creates).toHaveLength(1));
    expect(script.creates[0]?.expectedQuote).toBe(6);
  });

  it("[C4] what broke in the studio is said in other words than no answer, in both languages, and keeps its key", async () => {
    const { user, script } = await openComposer({ switches: true });
    const generate = () => user.click(screen.getByRole("button", { name: /^(Generate|生成)$/ }));
    await user.type(prompt(), "a boat");
    script.broken = "studio";
    await generate();
    await waitFor(() => expect(message()).toMatch(/^Something went wrong in the studio/));
    script.broken = "proxy";
    await generate();
    await waitFor(() => expect(message()).toMatch(/^Something went wrong in the studio/));
    await user.click(screen.getByRole("button", { name: "中文" }));
    expect(message()).toMatch(/^工作室内部出了错/);
    script.broken = null;
    script.cut = true;
    await generate();
    await waitFor(() => expect(message()).toMatch(/^工作室没有回应/));
    expect(new Set(script.creates.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  it("takes a refusal back when what it complained about is changed, and not when the composer is folded", async () => {
    const { user, script } = await openComposer();
    script.refuse = { ok: false, why: "insufficient_credits", message: "no", short: 40 as never };
    await user.type(prompt(), "a boat");
    for (const mend of [
      () => user.click(screen.getByRole("radio", { name: "1:1" })),
      () => user.type(prompt(), " at sea"),
    ]) {
      await user.click(screen.getByRole("button", { name: "Generate" }));
      await waitFor(() => expect(message()).toContain("40 credits are missing"));
      await user.click(screen.getByRole("button", { name: "Fold the composer" }));
      expect(message()).toContain("40 credits are missing");
      await user.click(prompt());
      await mend();
      expect(message()).toBeUndefined();
    }
  });

  it("keeps the words that are typed while Generate is on its way, and what is said of it beside them", async () => {
    const { user, script, studio } = await openComposer();
    const held = Promise.withResolvers<void>();
    script.hold = held.promise;
    await user.type(prompt(), "a boat");
    await user.click(screen.getByRole("button", { name: "Generate" }));
    await waitFor(() => expect(script.creates).toHaveLength(1));
    await user.type(prompt(), " at sea");
    held.resolve();
    await waitFor(() => expect(studio.assets.size).toBe(1));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Generate" })).not.toBeNull());
    expect(prompt().value).toBe("a boat at sea");

    const again = Promise.withResolvers<void>();
    script.hold = again.promise;
    script.refuse = { ok: false, why: "insufficient_credits", message: "no", short: 40 as never };
    await user.click(screen.getByRole("button", { name: "Generate" }));
    await waitFor(() => expect(script.creates).toHaveLength(2));
    await user.type(prompt(), " by night");
    again.resolve();
    await waitFor(() => expect(message()).toContain("40 credits are missing"));
    expect(prompt().value).toBe("a boat at sea by night");
  });

  it("is not possible with an empty prompt or a seed that is none", async () => {
    const { user } = await openComposer();
    const generate = () => screen.getByRole<HTMLButtonElement>("button", { name: "Generate" });
    expect(generate().disabled).toBe(true);
    await user.type(prompt(), "a boat");
    expect(generate().disabled).toBe(false);
    await user.type(screen.getByRole("textbox", { name: /Seed/ }), "-1");
    expect(generate().disabled).toBe(true);
    expect(screen.getByText("A whole number from 0 to 4294967295")).toBeDefined();
  });

  it("[U6] says a refusal in the language chosen by then", async () => {
    const { user, script } = await openComposer({ switches: true });
    script.refuse = { ok: false, why: "insufficient_credits", message: "no", short: 40 as never };
    await user.type(prompt(), "a boat");
    await user.click(await screen.findByRole("button", { name: "Generate" }));
    await waitFor(() => expect(message()).toContain("40 credits are missing"));
    await user.click(screen.getByRole("button", { name: "中文" }));
    expect(message()).toContain("还差 40 积分");
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "提示词" }).value).toBe("a boat");
    expect(document.documentElement.lang).toBe("zh-CN");
  });
});

describe("the draft", () => {
  it("offers what the model of the kind offers", async () => {
    const { user } = await openComposer();
    expect(screen.queryByRole("slider")).toBeNull();
    expect(screen.queryByRole("checkbox", { name: "Slate" })).toBeNull();
    await user.click(screen.getByRole("radio", { name: "Video" }));
    fireEvent.change(screen.getByRole("slider", { name: /Length/ }), { target: { value: "8000" } });
    expect(screen.getByRole("slider").getAttribute("aria-valuetext")).toBe("8 s");
    expect(screen.getByRole("checkbox", { name: "Slate" })).toBeDefined();
    expect(screen.getByRole("button", { name: "This model takes no reference picture" })).toBeDefined();
  });

  it("[U5] is there again after a reload", async () => {
    const { user } = await openComposer();
    await user.type(prompt(), "a boat");
    await user.click(screen.getByRole("radio", { name: "1:1" }));
    cleanup();
    await openComposer();
    expect(prompt().value).toBe("a boat");
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "1:1" }).checked).toBe(true);
  });
});
