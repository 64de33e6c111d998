// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStudioPage } from "../../testing/openStudioPage.tsx";
import { ProvidersPage } from "./ProvidersPage.tsx";
import { cardOf, modelProviders, OWN_MACHINE, TWO_MODELS } from "./testing/modelProviders.ts";
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
/** It keeps the keyboard's place, and does nothing. */
const isOff = (name: RegExp | string) => press(name).getAttribute("aria-disabled") === "true" && !press(name).disabled;
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
    expect([key().value, isOff("Save")]).toEqual(["fal-12345", false]);
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
    ["en", "required", /Whatever waits for fal fails within moments/],
    ["zh", "required", /排队等候 fal 的制作很快会失败/],
    ["en", "optional", /asks fal without one from now on, for what waits/],
    ["zh", "optional", /此后不带密钥访问 fal，排队和进行中的制作也一样/],
  ] as const)(
    "is not removed before what that does to what waits is said (%s, %s)",
    async (language, keyNeeded, words) => {
      const { user } = await openPage({
        language,
        cards: [cardOf("fal", { state: "ready", keyNeeded, key: { from: "settings", hint: "7890" } })],
      });
      await user.click(press(/^(Remove the key|移除密钥)$/));
      expect((await screen.findByRole("alertdialog")).textContent).toMatch(words);
    },
  );

  it("that need not be is removed together with a change of its address, so that nothing asks the old one without it", async () => {
    const own = { ...OWN_MACHINE, state: "ready", home: { value: "http://old.example", from: "settings" } } as const;
    const { user, providers } = await openPage({
      opened: "comfyui",
      cards: [cardOf("comfyui", { ...own, key: { from: "settings", hint: "7890" } })],
    });
    await user.clear(address());
    await user.type(address(), "http://new.example");
    expect(screen.getByText(/enter it again, or remove it: the address is then saved with that\./)).toBeDefined();
    await user.click(press("Remove the key"));
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Remove the key" }));
    await waitFor(() => expect(saving("comfyui")).toBe("saved"));
    expect(providers.saves).toEqual([{ name: "comfyui", key: null, home: "http://new.example" }]);
    expect([address().value, isOff("Save")]).toEqual(["http://new.example", true]);
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
    expect([isOff("Save"), isOff("Check this key")]).toEqual([true, true]);
    await user.click(press("Check this key"));
    await user.type(key(), "gw-1");
    await user.click(press("Save"));
    await waitFor(() => expect(saving()).toBe("saved"));
    expect(providers.saves).toEqual([{ name: "fal", key: "gw-1", home: "https://gateway.example" }]);
    expect(providers.checks).toEqual([]);
  });
});

describe("the keyboard", () => {
  it("stays on Save and on Check while they wait for what they began: a button that was disabled let it go", async () => {
    const { user, providers } = await openPage();
    const held = Promise.withResolvers<void>();
    providers.hold = held.promise;
    await user.type(key(), "fal-1234");
    press("Check this key").focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(isOff("Asking")).toBe(true));
    await user.keyboard("{Enter}");
    press("Save").focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(saving()).toBe("saving"));
    expect(isOff("Save")).toBe(true);
    await user.keyboard("{Enter}");
    held.resolve();
    await waitFor(() => expect(saving()).toBe("saved"));
    expect([document.activeElement, isOff("Save")]).toEqual([press("Save"), true]);
    expect([providers.saves.length, providers.checks.length]).toEqual([1, 1]);
  });

  it("goes on in the form when Discard and Remove the key are gone with what they were for", async () => {
    const { user } = await openPage({
      cards: [cardOf("fal", { state: "ready", key: { from: "settings", hint: "7890" } })],
    });
    await user.type(key(), "fal-1234");
    press("Discard").focus();
    await user.keyboard("{Enter}");
    expect(screen.queryByRole("button", { name: "Discard" })).toBeNull();
    expect([document.activeElement, key().value]).toEqual([key(), ""]);
    press("Remove the key").focus();
    await user.keyboard("{Enter}");
    within(await screen.findByRole("alertdialog"))
      .getByRole("button", { name: "Keep it" })
      .focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(document.activeElement).toBe(press("Remove the key")));
    await user.keyboard("{Enter}");
    within(await screen.findByRole("alertdialog"))
      .getByRole("button", { name: "Remove the key" })
      .focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(row("fal").dataset["state"]).toBe("needs_key"));
    await waitFor(() => expect(document.activeElement).toBe(key()));
  });
});

describe("checking", () => {
  it.each([
    ["en", null, "ComfyUI answers at this address, in 0.4s."],
    ["zh", null, /^ComfyUI 在这个地址有回应，/],
    ["zh", { from: "settings", hint: "7890" }, /^ComfyUI 认可这个密钥，/],
  ] as const)("says that a key was accepted only where one was sent (%s, %o)", async (language, kept, words) => {
    const home = { value: "http://own.example", from: "settings" } as const;
    const { user } = await openPage({
      language,
      opened: "comfyui",
      cards: [cardOf("comfyui", { ...OWN_MACHINE, state: "ready", key: kept, home })],
    });
    await user.click(press(/^(Check this address|检查地址)$/));
    expect(await screen.findByText(words)).toBeDefined();
  });

  it("that cannot be done at a typed address is said so, and is offered where only the kept address has none", async () => {
    const { user, providers } = await openPage({
      cards: [
        cardOf("fal", {
          state: "ready",
          checkable: false,
          key: { from: "settings", hint: "7890" },
          home: { value: "https://old.example", from: "settings" },
        }),
      ],
    });
    expect(screen.getByText(/cannot be tried without paying/)).toBeDefined();
    providers.refuseCheck = { ok: false, why: "invalid_input", field: "name", message: "fal has no call" };
    await user.clear(address());
    await user.type(address(), "https://new.example");
    await user.type(key(), "gw-1");
    expect(screen.queryByText(/cannot be tried without paying/)).toBeNull();
    await user.click(press("Check this key"));
    expect(await screen.findByText(/cannot be tried without paying/)).toBeDefined();
    expect(document.body.textContent).not.toContain("This fal has no call");
  });

  it("of a key that can no longer be read waits until it is entered again", async () => {
    const { user, providers } = await openPage({
      cards: [cardOf("fal", { state: "key_unreadable", key: { from: "settings", hint: "" } })],
    });
    expect(isOff("Check this key")).toBe(true);
    await user.type(screen.getByLabelText("Key"), "fal-1234");
    await user.click(press("Check this key"));
    expect(await screen.findByText(/fal accepts it/)).toBeDefined();
    expect(providers.checks).toHaveLength(1);
  });

  it("asks with what is typed and keeps nothing; what came of it stands until that is changed", async () => {
    const { user, providers } = await openPage();
    expect(isOff("Check this key")).toBe(true);
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

it("in Chinese, too, says what was wrong with a field: every reason was made one", async () => {
  const { user, providers } = await openPage({ language: "zh" });
  const message = "home: must begin with https:// there";
  providers.refuse = { ok: false, why: "invalid_input", field: "home", message };
  await user.type(address(), "http://api.fal.example");
  await user.click(press("保存"));
  await waitFor(() => expect(saving()).toBe("failed"));
  expect(row("fal").textContent).toContain("这个地址在这里不能用。");
  expect(row("fal").textContent).toContain("must begin with https:// there");
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
