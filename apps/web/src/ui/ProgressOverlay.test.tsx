// @vitest-environment jsdom
import { viewOf } from "@reelstate/lifecycle";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProgressOverlay } from "./ProgressOverlay.tsx";
import { stateNamed, STATES } from "./testing/states.ts";
import type { EpochMs, Language, LiveJob, Progress } from "@reelstate/lifecycle";

const NOW = 1_900_000_000_000;
const KINDS = {
  measured: { kind: "measured", fraction: 0.4267, low: null, high: null },
  estimated: { kind: "estimated", fraction: null, low: 20_000, high: 40_000 },
  unknown: { kind: "unknown", fraction: null, low: null, high: null },
} as const satisfies Record<string, Progress>;

function overlayWith(change: Partial<LiveJob>, language: Language = "en") {
  const asset = stateNamed(STATES.making);
  if (asset.liveJob === null) throw new Error("Nothing is being made.");
  const startedAt = (NOW - 61_000) as EpochMs;
  const { overlay } = viewOf({ ...asset, liveJob: { ...asset.liveJob, startedAt, ...change } }, language);
  if (overlay === null) throw new Error("viewOf shows no overlay.");
  return <ProgressOverlay overlay={overlay} language={language} />;
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("progress", () => {
  it.each([
    ["en", "42%"],
    ["zh", "42%"],
  ] as const)("[U3] measured: the provider's number, rounded down, is the bar's value, in %s", (language, said) => {
    render(overlayWith({ progress: KINDS.measured }, language));
    const bar = screen.getByRole("progressbar");
    expect(bar.getAttribute("aria-valuenow")).toBe("42");
    expect(bar.getAttribute("aria-valuetext")).toBe(said);
    expect(bar.querySelector<HTMLElement>("div")?.style.transform).toBe("scaleX(0.4267)");
  });

  it.each([
    ["estimated", "en", "Usually 20–40 s"],
    ["estimated", "zh", "通常需要 20–40 秒"],
    ["unknown", "en", "This model gives no percentage"],
    ["unknown", "zh", "该模型不提供进度百分比"],
  ] as const)("[U3] %s: no number is invented; the value is said in words, in %s", (kind, language, said) => {
    const { container } = render(overlayWith({ progress: KINDS[kind] }, language));
    const bar = screen.getByRole("progressbar");
    expect(bar.hasAttribute("aria-valuenow")).toBe(false);
    expect(bar.getAttribute("aria-valuetext")).toBe(said);
    expect(bar.querySelector("[style]")).toBeNull();
    expect(container.textContent).toContain(said);
    expect(container.textContent).not.toMatch(/\d+%/);
  });

  it("[U3] counts elapsed time from the claim, a second at a time", () => {
    const { container } = render(overlayWith({ progress: KINDS.unknown }));
    const elapsed = () => container.querySelector("[data-elapsed]")?.textContent;
    expect(elapsed()).toBe("Elapsed 1:01");
    act(() => {
      vi.advanceTimersByTime(4_000);
    });
    expect(elapsed()).toBe("Elapsed 1:05");
  });

  it("[U5] keeps no clock running once nothing counts", () => {
    const { unmount } = render(overlayWith({ progress: KINDS.unknown }));
    expect(vi.getTimerCount()).toBe(1);
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("waiting", () => {
  it("[U3] says the place in line and draws no bar", () => {
    render(overlayWith({ status: "pending", phase: "queued", queuePosition: 3, startedAt: null }));
    expect(screen.getByText("In line")).toBeDefined();
    expect(screen.getByText("Number 3 in line")).toBeDefined();
    expect(screen.queryByRole("progressbar")).toBeNull();
  });

  it("[U3] says which try is next and when", () => {
    const nextTryAt = (NOW + 5_000) as EpochMs;
    const { container } = render(
      overlayWith({ status: "pending", phase: "backoff", failures: 1, maxFailures: 3, nextTryAt }),
    );
    expect(container.textContent).toContain("Try 2 of 3");
    expect(container.textContent).toMatch(/Next try \d\d:\d\d:\d\d/);
  });

  it("[J7] says that it is being stopped, and may still be charged", () => {
    render(overlayWith({ cancelRequested: true, openSubmission: true }));
    expect(screen.getByText("Stopping — may still be charged")).toBeDefined();
  });
});
