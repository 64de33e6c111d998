// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStudioPage } from "../../testing/openStudioPage.tsx";
import { ProvidersPage } from "./ProvidersPage.tsx";
import { cardOf, modelProviders, TWO_MODELS } from "./testing/modelProviders.ts";
import type { Language } from "@reelstate/lifecycle";
import type { ProviderCard } from "@reelstate/api";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

interface Opened {
  readonly opened?: string | null;
  readonly language?: Language;
  readonly cards?: readonly ProviderCard[];
}

async function openPage({ opened = "fal", language = "en", cards }: Opened = {}) {
  const providers = modelProviders();
  if (cards !== undefined) providers.cards = cards;
  const page = openStudioPage(<ProvidersPage opened={opened} />, { language, providers: providers.ports });
  await screen.findAllByRole("listitem");
  return { ...page, providers, user: userEvent.setup({ pointerEventsCheck: 0 }) };
}

const names = () =>
  [...document.querySelectorAll<HTMLElement>("[data-provider]")].map(({ dataset }) => dataset["provider"]);
const row = (name: string) => document.querySelector<HTMLElement>(`[data-provider="${name}"]`) ?? document.body;
const key = () => screen.getByLabelText<HTMLInputElement>(/^(Key|Another key|密钥|换一个密钥)$/);
const address = () => screen.getByLabelText<HTMLInputElement>(/^(Address|地址)$/);
const press = (name: RegExp | string) => screen.getByRole<HTMLButtonElement>("button", { name });
const saving = (name = "fal") => row(name).querySelector<HTMLElement>("form [data-saving]")?.dataset["saving"];
const listSaving = () => document.querySelector<HTMLElement>("[data-saving]")?.dataset["saving"];

describe("a key", () => {
  it("is typed unseen, kept, and known by its end alone from then on", async () => {
    const { user, providers } = await openPage();
    expect([key().type, key().value, row("fal").dataset["state"]]).toEqual(["password", "", "needs_key"]);
    await user.type(key(), " fal-1234567890 ");
    expect(saving()).toBe("unsaved");
    await user.click(press("Save"));
    await waitFor(() => expect(saving()).toBe("saved"));
    expect(providers.saves).toEqual([{ name: "fal", key: "fal-1234567890" }]);
    expect(key().value).toBe("");
    expect(row("fal").dataset["state"]).toBe("ready");
    expect(screen.getByText(/A key is kept\. It ends in 7890\./)).toBeDefined();
    expect(document.body.innerHTML).not.toContain("fal-1234567890");
  });

  it("that could not be kept is said so, is still there, and is kept with the next press", async () => {
    const { user, providers } = await openPage();
    providers.refuse = { ok: false, why: "disk_full", message: "full" };
    await user.type(key(), "fal-1234");
    await user.click(press("Save"));
    await waitFor(() => expect(saving()).toBe("failed"));
    expect(row("fal").textContent).toContain("Not saved. The studio's disk is full");
    expect([key().value, row("fal").dataset["state"]]).toEqual(["fal-1234", "needs_key"]);
    providers.refuse = null;
    await user.click(press("Save"));
    await waitFor(() => expect(saving()).toBe("saved"));
    expect(row("fal").dataset["state"]).toBe("ready");
  });

  it("that is typed on while it is on its way is not said to be saved", async () => {
    const { user, providers } = await openPage();
    const held = Promise.withResolvers<void>();
    providers.hold = held.promise;
    await user.type(key(), "fal-1234");
    await user.click(press("Save"));
    await waitFor(() => expect(providers.saves).toHaveLength(1));
    expect(saving()).toBe("saving");
    await user.type(key(), "5");
    held.resolve();
    await waitFor(() => expect(screen.getByText(/It ends in 1234/)).toBeDefined());
    expect([key().value, press("Save").disabled]).toEqual(["fal-12345", false]);
    expect(saving()).toBe("unsaved");
  });

  it("is removed only when asked again, and is then gone", async () => {
    const { user, providers } = await openPage({
      cards: [cardOf("fal", { state: "ready", key: { from: "settings", hint: "7890" } })],
    });
    await user.click(press("Remove the key"));
    const dialog = await screen.findByRole("alertdialog");
    expect(providers.saves).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Remove the key" }));
    await waitFor(() => expect(row("fal").dataset["state"]).toBe("needs_key"));
    expect(providers.saves).toEqual([{ name: "fal", key: null }]);
  });

  it.each([
    ["en", /Set by FAL_KEY, where the studio is started/],
    ["zh", /由启动工作室时的 FAL_KEY 设置/],
  ] as const)("that the environment sets is shown as that, and not asked for (%s)", async (language, words) => {
    await openPage({
      language,
      cards: [cardOf("fal", { state: "ready", key: { from: "environment", hint: "7890" } })],
    });
    expect(screen.getByText(words)).toBeDefined();
    expect(screen.getByText("••••7890")).toBeDefined();
    expect(row("fal").querySelector("input[type=password], input[type=url]")).toBeNull();
  });

  it("is asked for again for another address before anything is sent", async () => {
    const { user, providers } = await openPage({
      cards: [cardOf("fal", { state: "ready", key: { from: "settings", hint: "7890" } })],
    });
    await user.type(address(), "https://gateway.example");
    expect(screen.queryByText(/sent only to the address it was entered for/)).not.toBeNull();
    expect(press("Save").disabled).toBe(true);
    await user.type(key(), "gw-1");
    await user.click(press("Save"));
    await waitFor(() => expect(saving()).toBe("saved"));
    expect(providers.saves).toEqual([{ name: "fal", key: "gw-1", home: "https://gateway.example" }]);
  });
});

describe("checking", () => {
  it("asks with what is typed and keeps nothing; what came of it stands until that is changed", async () => {
    const { user, providers } = await openPage();
    expect(press("Check this key").disabled).toBe(true);
    await user.type(key(), "fal-1234");
    await user.click(press("Check this key"));
    expect(await screen.findByText("fal accepts it; it answered in 0.4s. It is not saved yet.")).toBeDefined();
    expect([providers.checks, providers.saves]).toEqual([[{ name: "fal", key: "fal-1234" }], []]);
    expect(key().value).toBe("fal-1234");
    await user.type(key(), "5");
    expect(screen.queryByText(/fal accepts it/)).toBeNull();
  });

  it.each([
    ["en", "fal refused it.", /Copy it anew from your account there/],
    ["zh", "fal 拒绝了它。", /请到对方的账户页重新完整复制/],
  ] as const)("says what a refusal means and what to do, and what was said (%s)", async (language, title, hint) => {
    const { user, providers } = await openPage({ language });
    providers.found = { ok: false, code: "provider_auth", message: "Refused.", detail: "401 No user found" };
    await user.type(key(), "wrong");
    await user.click(press(/^(Check this key|检查密钥)$/));
    expect(await screen.findByText(title)).toBeDefined();
    expect(screen.getByText(hint)).toBeDefined();
    expect(document.body.textContent).toContain("401 No user found");
  });
});

describe("what is offered", () => {
  it("is put in another order by the keyboard, which keeps its place and hears where that is", async () => {
    const { user, providers } = await openPage({ opened: null });
    press("Move Replicate up").focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(providers.cards.map(({ name }) => name)).toEqual(["replicate", "fal", "comfyui"]));
    expect(names()).toEqual(["replicate", "fal", "comfyui"]);
    expect(document.activeElement).toBe(press("Move Replicate up"));
    expect(screen.getByText("Replicate is number 1 of 3 now.")).toBeDefined();
    await user.keyboard("{Enter}");
    press("Move Replicate down").focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(providers.cards.map(({ name }) => name)).toEqual(["fal", "replicate", "comfyui"]));
    expect(document.activeElement).toBe(press("Move Replicate down"));
    await waitFor(() => expect(listSaving()).toBe("saved"));
  });

  it("that was not kept is shown as it is, with why", async () => {
    const { user, providers } = await openPage({ opened: null });
    providers.refuse = { ok: false, why: "unavailable", message: "away" };
    await user.click(press("Move Replicate up"));
    await waitFor(() => expect(listSaving()).toBe("failed"));
    await waitFor(() => expect(names()).toEqual(["fal", "replicate", "comfyui"]));
    expect(document.body.textContent).toContain("Not saved. The studio cannot write to its database");
  });

  it("that was not kept stays said and taken back, whatever was pressed with it and kept: an error was lost under the next press's Saved", async () => {
    const { user, providers } = await openPage({ opened: null });
    const offers = (label: string) =>
      screen.getByRole<HTMLInputElement>("switch", { name: `Offer the models of ${label}` });
    const shown = () => [offers("fal").checked, offers("Replicate").checked];
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    providers.refuse = { ok: false, why: "unavailable", message: "away" };
    providers.refuseOnly = "fal";
    providers.hold = first.promise;
    await user.click(offers("fal"));
    await waitFor(() => expect(providers.saves).toHaveLength(1));
    await user.click(offers("Replicate"));
    expect([...shown(), listSaving()]).toEqual([false, false, "saving"]);
    providers.hold = second.promise;
    first.resolve();
    await waitFor(() => expect(providers.saves).toHaveLength(2));
    await waitFor(() => expect([...shown(), listSaving()]).toEqual([true, false, "failed"]));
    second.resolve();
    await waitFor(() => expect(row("replicate").dataset["state"]).toBe("off"));
    expect([...shown(), listSaving()]).toEqual([true, false, "failed"]);
    // The next press begins anew.
    await user.click(offers("Replicate"));
    await waitFor(() => expect(listSaving()).toBe("saved"));
  });

  it("of which nothing was kept is shown as it was before the first: the second brought the first back", async () => {
    const { user, providers } = await openPage({ opened: null });
    const held = Promise.withResolvers<void>();
    providers.refuse = { ok: false, why: "unavailable", message: "away" };
    providers.hold = held.promise;
    await user.click(press("Move Replicate up"));
    await user.click(press("Move ComfyUI up"));
    expect(names()).toEqual(["replicate", "comfyui", "fal"]);
    // Nothing is asked for again that would hide what is shown.
    providers.ports.list = () => new Promise(() => {});
    held.resolve();
    await waitFor(() => expect(listSaving()).toBe("failed"));
    await waitFor(() => expect(names()).toEqual(["fal", "replicate", "comfyui"]));
  });

  it("follows a switch and a tick at once, and each is kept", async () => {
    const { user, providers } = await openPage({
      cards: [cardOf("fal", { state: "ready", key: { from: "settings", hint: "7890" }, models: TWO_MODELS })],
    });
    const asked = () => screen.getByRole<HTMLInputElement>("switch", { name: "Offer the models of fal" });
    await user.click(screen.getByRole("checkbox", { name: "Offer FLUX.1 schnell" }));
    await user.click(press("Move Seedream 4.5 up"));
    await waitFor(() => expect(listSaving()).toBe("saved"));
    expect(providers.saves).toEqual([
      { name: "fal", models: { order: ["fal/flux", "fal/seedream"], off: ["fal/flux"] } },
      { name: "fal", models: { order: ["fal/seedream", "fal/flux"], off: ["fal/flux"] } },
    ]);
    expect(row("fal").textContent).toContain("1 of 2 models");
    await user.click(asked());
    await waitFor(() => expect(row("fal").dataset["state"]).toBe("off"));
    expect([asked().checked, providers.saves.at(-1)]).toEqual([false, { name: "fal", enabled: false }]);
  });
});

it("of a studio that has none says who sets them up", async () => {
  openStudioPage(<ProvidersPage opened={null} />);
  expect(await screen.findByText(/Providers are not set up from here/)).toBeDefined();
});

it.each([
  ["en", ["Needs a key", "Needs a key", "Needs an address"]],
  ["zh", ["需要密钥", "需要密钥", "需要地址"]],
] as const)("each says how it stands, in words (%s)", async (language, states) => {
  await openPage({ language, opened: null });
  expect(names().map((name) => row(String(name)).querySelector("button")?.textContent)).toEqual([
    `fal${states[0]}`,
    `Replicate${states[1]}`,
    `ComfyUI${states[2]}`,
  ]);
});
