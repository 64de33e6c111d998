// @vitest-environment jsdom
import { viewOf } from "@reelstate/lifecycle";
import { coarseStateKey, explore, SAMPLE_MEDIA, sampleAsset } from "@reelstate/lifecycle/testing";
import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { standInForBrowser } from "../testing/standInForBrowser.ts";
import { AssetCard } from "./AssetCard.tsx";
import { AssetCardOf } from "./testing/AssetCardOf.tsx";
import { stateNamed, STATES } from "./testing/states.ts";
import type { AssetCardProps } from "./AssetCard.tsx";
import type { Asset, ErrorCode, JobId, Language, LastJob } from "@reelstate/lifecycle";

const LANGUAGES: readonly Language[] = ["en", "zh"];
/** Unbreakable spaces and the like do not matter to a reader. */
const textOf = (element: HTMLElement) => (element.textContent ?? "").replaceAll(/\s+/g, " ");

beforeEach(standInForBrowser);
afterEach(cleanup);

describe("a card in every state that an asset can reach", () => {
  const reached = [...explore({ identify: coarseStateKey }).values()].flatMap(({ key, rows }) =>
    rows === null || rows.asset.deletedAt !== null ? [] : [{ key, asset: sampleAsset(rows) }],
  );

  it.each(LANGUAGES)("[U6] says what viewOf says and offers what viewOf offers, in %s", (language) => {
    expect(reached.length).toBeGreaterThan(20);
    for (const { key, asset } of reached) {
      const view = viewOf(asset, language);
      render(<AssetCardOf asset={asset} language={language} />);
      const card = screen.getByRole("article");
      expect(card.dataset, key).toMatchObject({ assetId: asset.id, status: asset.status });
      expect(within(card).getByRole("link").getAttribute("aria-label"), key).toContain(
        language === "en" ? view.label.toLowerCase() : view.label,
      );
      const said = [
        view.overlay?.title,
        view.overlay?.attempt,
        view.overlay?.queue,
        view.overlay?.nextTry?.label,
        view.overlay?.progress?.label,
        view.failure?.title,
        view.failure?.hint,
        view.failure?.charged,
        view.cancelled?.title,
        view.cancelled?.charged,
        view.badge?.label,
        view.badge?.hint,
      ].filter((words) => words !== null && words !== undefined);
      for (const words of said) expect(textOf(card), `${key}: ${words}`).toContain(words);
      const offered =
        view.overlay !== null
          ? view.actions.filter(({ type }) => type === "cancel")
          : [view.primaryAction ?? view.badge?.action];
      const buttons = within(card).queryAllByRole("button").map(textOf);
      expect(buttons, key).toEqual(offered.flatMap((action) => action?.label ?? []));
      cleanup();
    }
  });

  it("[U1] a failed one says with what and at whom it failed, and no other does", () => {
    for (const [name, steps] of Object.entries(STATES)) {
      render(<AssetCardOf asset={stateNamed(steps)} madeBy="FLUX.1 schnell · fal" />);
      expect(textOf(screen.getByRole("article")).includes("FLUX.1 schnell · fal"), name).toBe(name === "failed");
      cleanup();
    }
  });

  it("[U2] draws no overlay, no progress and no ending on a completed asset without a live job", () => {
    const finished = reached.filter(({ asset }) => asset.status === "completed" && asset.liveJob === null);
    expect(finished.length).toBeGreaterThan(1);
    for (const { key, asset } of finished) {
      const { container } = render(<AssetCardOf asset={asset} />);
      expect(container.querySelector("[data-phase], [data-ending]"), key).toBeNull();
      expect(screen.queryByRole("progressbar"), key).toBeNull();
      expect(container.querySelector("img"), key).not.toBeNull();
      cleanup();
    }
  });

  it("[U3] draws an overlay with the job's phase wherever work is under way", () => {
    const live = reached.filter(({ asset }) => asset.liveJob !== null);
    expect(live.length).toBeGreaterThan(10);
    for (const { key, asset } of live) {
      const { container } = render(<AssetCardOf asset={asset} />);
      expect(container.querySelector<HTMLElement>("[data-phase]")?.dataset["phase"], key).toBe(asset.liveJob?.phase);
      expect(screen.queryAllByRole("progressbar"), key).toHaveLength(asset.liveJob?.status === "processing" ? 1 : 0);
      cleanup();
    }
  });
});

describe("a failed card", () => {
  const failedWith = (errorCode: ErrorCode, change: Partial<LastJob> = {}): Asset => {
    const failed = stateNamed(STATES.failed);
    const lastJob: LastJob = {
      id: "job-1" as JobId,
      versionId: failed.currentVersion.id,
      status: "failed",
      errorCode,
      errorMessage: "upstream said no",
      quote: 6 as LastJob["quote"],
      charged: 0 as LastJob["charged"],
      cancelRequested: false,
      recoverable: false,
      endedAtProvider: false,
      endedAt: failed.updatedAt,
      ...change,
    };
    return { ...failed, errorCode, errorMessage: "upstream said no", lastJob };
  };

  it("[U1] is red with a warning icon, the reason, whether it was charged, and one button, in both languages", () => {
    const { container, rerender } = render(<AssetCardOf asset={failedWith("timeout")} language="en" />);
    const ending = () => container.querySelector<HTMLElement>("[data-ending]");
    expect(ending()?.dataset["ending"]).toBe("failed");
    expect(container.querySelector("[data-icon=triangle-alert]")).not.toBeNull();
    expect(textOf(screen.getByRole("article"))).toContain("It took too long");
    expect(textOf(screen.getByRole("article"))).toContain("No credits were taken.");
    expect(screen.getAllByRole("button").map(textOf)).toEqual(["Try again"]);
    rerender(<AssetCardOf asset={failedWith("timeout")} language="zh" />);
    expect(textOf(screen.getByRole("article"))).toContain("等待超时");
    expect(textOf(screen.getByRole("article"))).toContain("没有扣除积分。");
    expect(screen.getAllByRole("button").map(textOf)).toEqual(["再试一次"]);
  });

  it.each(["failed", "cancelled"] as const)(
    "[U1] shows what the asset is called where no picture tells: %s",
    (state) => {
      const asset = stateNamed(STATES[state]);
      const named = () => document.querySelector("[data-ending-name]")?.textContent;
      const { rerender } = render(<AssetCardOf asset={{ ...asset, name: "Harbour at night" }} />);
      expect(named()).toBe("Harbour at night");
      rerender(<AssetCardOf asset={{ ...asset, name: "" }} />);
      expect(named()).toBe(asset.currentVersion.prompt);
    },
  );

  it("[U1] interrupts nobody: it is not an alert", () => {
    render(<AssetCardOf asset={failedWith("internal")} />);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it.each([
    ["content_policy_input", "Change the prompt", { type: "regenerate", edit: true }],
    ["provider_auth", "Check the settings", { type: "check_settings" }],
    ["insufficient_credits", "Add credits", { type: "add_credits" }],
    ["storage_failed", "Try again", { type: "retry", edit: false }],
  ] as const)("[U1] after %s the one button is “%s”", async (code, label, action) => {
    const onAction = vi.fn<AssetCardProps["onAction"]>();
    render(<AssetCardOf asset={failedWith(code)} onAction={onAction} />);
    await userEvent.click(screen.getByRole("button", { name: label }));
    expect(onAction).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ id: "asset-1" }),
      expect.objectContaining(action),
    );
  });

  it("[U1] [U6] whose model is gone offers another one, and nothing that would be refused", async () => {
    const failed = failedWith("provider_unavailable");
    const onAction = vi.fn<AssetCardProps["onAction"]>();
    const asset = { ...failed, currentVersion: { ...failed.currentVersion, modelGone: true } } as const;
    render(<AssetCardOf asset={asset} onAction={onAction} />);
    expect(screen.getAllByRole("button").map(textOf)).toEqual(["Choose another model"]);
    await userEvent.click(screen.getByRole("button", { name: "Choose another model" }));
    expect(onAction).toHaveBeenCalledExactlyOnceWith(asset, expect.objectContaining({ type: "choose_model" }));
  });

  it("[P6] offers to recover what was paid for before anything else", () => {
    render(<AssetCardOf asset={failedWith("unconfirmed_submit", { recoverable: true })} />);
    expect(screen.getAllByRole("button").map(textOf)).toEqual(["Recover"]);
  });
});

describe("a regenerating or regenerated card", () => {
  it("[A6] shows the live job over the old picture, dimmed", () => {
    const { container } = render(<AssetCardOf asset={{ ...stateNamed(STATES.regenerating) }} />);
    expect(container.querySelector("img")?.getAttribute("src")).toBe(SAMPLE_MEDIA.thumbUrl);
    expect(container.querySelector("[data-phase][data-over-media]")).not.toBeNull();
  });

  it("[A6] wears a badge with the way that helps, not an overlay, when the last try failed", async () => {
    const onAction = vi.fn<AssetCardProps["onAction"]>();
    const { container } = render(<AssetCardOf asset={stateNamed(STATES.regenerationFailed)} onAction={onAction} />);
    expect(container.querySelector("[data-badge=failed]")).not.toBeNull();
    expect(container.querySelector("[data-phase]")).toBeNull();
    expect(container.querySelector("img")).not.toBeNull();
    expect(textOf(screen.getByRole("article"))).toContain("The last try failed");
    await userEvent.click(screen.getByRole("button", { name: "Change the prompt" }));
    expect(onAction).toHaveBeenCalledExactlyOnceWith(
      expect.anything(),
      expect.objectContaining({ type: "regenerate", edit: true }),
    );
  });
});

describe("pressing a card", () => {
  const open = { onOpen: vi.fn<AssetCardProps["onOpen"]>(), onAction: vi.fn<AssetCardProps["onAction"]>() };
  beforeEach(() => vi.clearAllMocks());

  it("opens in place, and leaves a press with a modifier to the browser", async () => {
    const asset = stateNamed(STATES.completed);
    const user = userEvent.setup();
    render(<AssetCard asset={asset} language="en" href="#elsewhere" {...open} />);
    await user.click(screen.getByRole("link"));
    expect(open.onOpen).toHaveBeenCalledExactlyOnceWith(asset);
    await user.keyboard("{Control>}");
    await user.click(screen.getByRole("link"));
    expect(open.onOpen).toHaveBeenCalledOnce();
  });

  it("[J11] takes no press while an action of it is on its way", () => {
    render(<AssetCard asset={stateNamed(STATES.failed)} language="en" href="#" acting="retry" {...open} />);
    expect(screen.getByRole<HTMLButtonElement>("button").disabled).toBe(true);
  });
});
