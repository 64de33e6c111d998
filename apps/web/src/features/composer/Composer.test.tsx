// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { openStudioPage } from "../../testing/openStudioPage.tsx";
import { Composer } from "./Composer.tsx";

const NO_DOUBLE = { pointerEventsCheck: 0 } as const;

async function openComposer() {
  const studio = openStudioPage(<Composer projectId={undefined} />);
  const user = userEvent.setup(NO_DOUBLE);
  await user.click(screen.getByRole("textbox", { name: "Prompt" }));
  await screen.findByRole("combobox");
  return { ...studio, user };
}

const price = () => document.querySelector<HTMLElement>("[data-price]")?.dataset["price"];
const message = () => document.querySelector("[data-composer-message]")?.textContent;
const prompt = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Prompt" });

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
    const studio = openStudioPage(
      <>
        <Composer projectId={undefined} />
        <Switch />
      </>,
    );
    const user = userEvent.setup(NO_DOUBLE);
    studio.script.refuse = { ok: false, why: "insufficient_credits", message: "no", short: 40 as never };
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

describe("a reference picture", () => {
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

  it("is not taken by a model that takes none", async () => {
    const { user } = await openComposer();
    await user.click(screen.getByRole("radio", { name: "Video" }));
    choose(new File(["x"], "a.png", { type: "image/png" }));
    expect(message()).toBe("This model takes no reference picture");
  });
});

function Switch() {
  const { setLanguage } = useWords();
  return (
    <button type="button" onClick={() => setLanguage("zh")}>
      中文
    </button>
  );
}
