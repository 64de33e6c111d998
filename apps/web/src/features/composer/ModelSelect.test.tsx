// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { navigate } from "../../address/navigate.ts";
import { HOSTED_MODELS } from "../../testing/testModels.ts";
import { openComposer } from "./testing/openComposer.tsx";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const menu = () => screen.getByRole("combobox");
const options = (group: string) =>
  within(screen.getByRole("group", { name: group }))
    .getAllByRole("option")
    .map(({ textContent }) => textContent);

describe("the model menu", () => {
  it("[C1] tells models of one name apart by whose they are, each with its price and what it makes, in both languages", async () => {
    const { user } = await openComposer({ models: HOSTED_MODELS, switches: true });
    expect(menu().getAttribute("aria-label")).toBe("Model: FLUX.1 schnell · fal");
    expect(menu().textContent).toBe("FLUX.1 schnell · fal");
    await user.click(menu());
    await screen.findByRole("group", { name: "fal" });
    expect(options("fal")).toEqual([
      "FLUX.1 schnellfrom 1 creditWhat fal draws",
      "Seedream 4.5from 4 creditsWhat fal draws",
    ]);
    expect(options("Replicate")).toEqual(["FLUX.1 schnellfrom 2 creditsWhat Replicate draws"]);
    expect(options("This studio")).toEqual(["StoryboardFreeWhat This studio draws"]);
    await user.click(screen.getByRole("option", { name: /from 2 credits/ }));
    await waitFor(() => expect(menu().textContent).toBe("FLUX.1 schnell · Replicate"));
    await user.click(screen.getByRole("button", { name: "中文" }));
    await user.click(menu());
    await screen.findByRole("group", { name: "工作室自带" });
    expect(options("Replicate")).toEqual(["FLUX.1 schnell2 积分起Replicate 的画"]);
    expect(options("工作室自带")).toEqual(["Storyboard免费This studio 的画"]);
  });

  it("[C1] is gone through with the keyboard alone, and what is chosen there is what is priced", async () => {
    const { user, script } = await openComposer({ models: HOSTED_MODELS });
    menu().focus();
    await user.keyboard("{Enter}");
    await screen.findByRole("listbox");
    await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    await waitFor(() => expect(menu().getAttribute("aria-label")).toBe("Model: FLUX.1 schnell · Replicate"));
    await waitFor(() => expect(script.quotes.at(-1)).toMatchObject({ model: "replicate/flux-schnell" }));
  });

  it("of a studio that has nothing but its own leads to where a provider is added, and no other does", async () => {
    navigate("/?type=image");
    const { user } = await openComposer({ models: HOSTED_MODELS.filter(({ provider }) => provider === "local") });
    await user.click(menu());
    await user.click(await screen.findByRole("option", { name: "Add a provider …" }));
    expect(location.pathname + location.search).toBe("/providers?type=image");
    expect(menu().textContent).toBe("Storyboard · This studio");
    cleanup();
    navigate("/");
    await openComposer({ models: HOSTED_MODELS });
    await user.click(menu());
    await screen.findByRole("group", { name: "fal" });
    expect(screen.queryByRole("option", { name: "Add a provider …" })).toBeNull();
  });

  it("leads nowhere by a letter that is typed while it is closed, which chose its last entry", async () => {
    navigate("/?type=image");
    const { user } = await openComposer({ models: HOSTED_MODELS.filter(({ provider }) => provider === "local") });
    menu().focus();
    // Its entries are there, unseen, for what is typed.
    await waitFor(() => expect(document.querySelectorAll("[role=option]")).toHaveLength(2));
    await user.keyboard("a");
    expect([location.pathname, menu().textContent]).toEqual(["/", "Storyboard · This studio"]);
    expect(menu().getAttribute("aria-expanded")).toBe("false");
  });
});
