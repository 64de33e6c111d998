import { describe, expect, it } from "vitest";
import { advance } from "./advance.ts";
import { ASSET_ACTIONS, permittedActions } from "./assetActions.ts";
import { ERROR_CODES } from "./errorCodes.ts";
import { errorEntry } from "./errorTable.ts";
import { LANGUAGES } from "./language.ts";
import { after } from "./oracle/played.ts";
import { rowsOf } from "./rowsOf.ts";
import { explore } from "./testing/explore.ts";
import { SAMPLE_MEDIA, sampleAsset } from "./testing/sampleAsset.ts";
import { stepEvent } from "./testing/stepEvent.ts";
import { credits, durationMs, epochMs } from "./units.ts";
import { viewOf } from "./viewOf.ts";
import type { Asset, LastJob, LiveJob, Progress } from "./asset.ts";
import type { AssetRows } from "./rows.ts";
import type { AssetId } from "./units.ts";
import type { Step } from "./testing/steps.ts";

const shown = [...explore().values()].flatMap(({ rows, path }) =>
  rows === null || rows.asset.deletedAt !== null ? [] : [{ rows, path }],
);

function card(
  path: readonly Step[],
  change: { live?: Partial<LiveJob>; last?: Partial<LastJob>; asset?: Partial<Asset> } = {},
): Asset {
  const asset = sampleAsset(after(...path), change.asset);
  return {
    ...asset,
    liveJob: asset.liveJob === null ? null : { ...asset.liveJob, ...change.live },
    lastJob: asset.lastJob === null ? null : { ...asset.lastJob, ...change.last },
  };
}

const MAKING = ["create", "claim", "progress_at_provider"] as const;
const FAILED = ["create", "claim", "fail_final"] as const;
const DONE = ["create", "claim", "complete"] as const;

describe("what a card says", () => {
  it("[U6] [model] permits exactly what advance takes, in every reachable state", () => {
    const different = shown.flatMap(({ rows, path }) => {
      const taken = ASSET_ACTIONS.filter((action) => {
        const event = stepEvent(rows, action);
        return event !== null && advance(rows, event).ok;
      });
      const offered = viewOf(sampleAsset(rows)).actions.map(({ type }) => type);
      return JSON.stringify(taken) === JSON.stringify(offered) ? [] : [{ path: path.join(" "), taken, offered }];
    });
    expect(different).toEqual([]);
    expect(shown.length).toBeGreaterThan(1_000);
  });

  it("[U6] [model] the rows behind an answer permit what the real rows permit", () => {
    const different = shown.filter(
      ({ rows }) => String(permittedActions(rowsOf(sampleAsset(rows)))) !== String(permittedActions(rows)),
    );
    expect(different.map(({ path }) => path.join(" "))).toEqual([]);
  });

  it("[U6] the one button is among the permitted, or leads elsewhere", () => {
    for (const { rows } of shown) {
      const { actions, primaryAction, badge } = viewOf(sampleAsset(rows));
      for (const button of [primaryAction, badge?.action]) {
        if (
          button === null ||
          button === undefined ||
          button.type === "add_credits" ||
          button.type === "check_settings"
        )
          continue;
        expect(actions.map(({ type }) => type)).toContain(button.type);
      }
    }
  });

  it.each(LANGUAGES)("[U6] no word is missing in %s, in any reachable state", (language) => {
    for (const { rows } of shown)
      for (const text of texts(viewOf(sampleAsset(rows), language))) expect(isSaid(text, language), text).toBe(true);
  });

  it.each(LANGUAGES)(
    "[U1] failed is red with a warning icon, a reason, whether it was charged, and a button, in %s",
    (language) => {
      for (const code of ERROR_CODES) {
        const asset = card(FAILED, { asset: { errorCode: code }, last: { errorCode: code } });
        const view = viewOf(asset, language);
        expect(view).toMatchObject({
          status: "failed",
          tone: "failed",
          icon: "triangle-alert",
          overlay: null,
          badge: null,
        });
        expect(view.failure).toMatchObject({ code, ...errorEntry(code).words[language], detail: asset.errorMessage });
        expect(isSaid(view.failure?.charged ?? "", language)).toBe(true);
        expect(view.primaryAction).not.toBeNull();
        expect(isSaid(view.primaryAction?.label ?? "", language)).toBe(true);
      }
    },
  );

  it("[U1] the reason and the charge are told in words", () => {
    const asset = card(FAILED);
    expect(viewOf(asset).failure).toMatchObject({
      title: "The request was declined",
      charged: "No credits were taken.",
    });
    expect(viewOf(asset, "zh").failure).toMatchObject({ title: "请求未通过审核", charged: "没有扣除积分。" });
    expect(viewOf(card(FAILED, { last: { charged: credits(1) } })).failure?.charged).toBe("1 credit was taken.");
    expect(viewOf(card(FAILED, { last: { charged: credits(12) } })).failure?.charged).toBe("12 credits were taken.");
    expect(viewOf(card(FAILED, { asset: { errorCode: "unconfirmed_submit" } })).failure?.charged).toContain(
      "may have charged",
    );
  });

  it("[U1] what the provider told that it cost is not said to have cost nothing, because the try failed", () => {
    const asset = card(FAILED);
    const cost = { usdMicros: 39_200, basis: "tokens" } as const;
    const paid = { ...asset, currentVersion: { ...asset.currentVersion, cost } };
    expect(viewOf(paid).failure?.charged).toBe("No credits were taken here, but the provider may have charged for it.");
    expect(viewOf(paid, "zh").failure?.charged).toContain("服务商可能已经计费");
    const free = { ...asset, currentVersion: { ...asset.currentVersion, cost: { ...cost, usdMicros: 0 } } };
    expect(viewOf(free).failure?.charged).toBe("No credits were taken.");
  });

  it("[U1] [P6] of what had been begun at a provider it is not said that it cost nothing: a card said “No credits were taken” where its own details said “probably charged”", () => {
    const ended = (path: readonly Step[], last: Partial<LastJob>) => {
      const code: Asset["errorCode"] = path === FAILED ? "provider_unavailable" : null;
      const change = { errorCode: code, endedAtProvider: true, quote: credits(6), ...last };
      return card(path, { asset: { errorCode: code }, last: change });
    };
    const told = (path: readonly Step[], last: Partial<LastJob> = {}) => {
      const view = viewOf(ended(path, last));
      const label = view.actions.find(({ type }) => type === "retry")?.label;
      return [view.failure?.charged ?? view.cancelled?.charged, label];
    };
    const paid = "No credits were taken here, but the provider may have charged for it.";
    expect(told(FAILED)).toEqual([paid, "Try again (may cost twice)"]);
    const zh = viewOf(ended(FAILED, {}), "zh");
    expect(zh.failure?.charged).toBe("这里没有扣除积分，但服务商可能已经计费。");
    expect(zh.primaryAction?.label).toBe("再试一次（可能重复计费）");
    // Who cancels has decided that it is worth its price; another one is no surprise.
    expect(told(["create", "cancel"])).toEqual([paid, "Try again"]);
    // Nothing was begun, or at nobody's price.
    expect(told(FAILED, { endedAtProvider: false })).toEqual(["No credits were taken.", "Try again"]);
    expect(told(FAILED, { quote: credits(0) })).toEqual(["No credits were taken.", "Try again"]);
  });

  it("[U6] [U1] where its model is gone a card offers nothing that needs it, and leads to another one", () => {
    const gone = (path: readonly Step[], last: Partial<LastJob> = {}): Asset => {
      const asset = card(path, { last });
      return { ...asset, currentVersion: { ...asset.currentVersion, modelGone: true } };
    };
    const view = viewOf(gone(FAILED));
    expect(view.actions.map(({ type }) => type)).toEqual(["delete"]);
    expect(view.primaryAction).toEqual({ type: "choose_model", label: "Choose another model", edit: true });
    expect(view.failure?.hint).toBe("Its model is no longer offered here. Choose another one.");
    expect(viewOf(gone(["create", "cancel"]), "zh").primaryAction?.label).toBe("换个模型");
    expect(viewOf(gone(DONE))).toMatchObject({ actions: [{ type: "delete" }], primaryAction: null, badge: null });
    // What is under way can still be stopped.
    expect(viewOf(gone(MAKING)).actions.map(({ type }) => type)).toEqual(["cancel", "delete"]);
  });

  it("[P6] [U6] [U1] what was paid for is recovered of a model that is off, too: the card told of Recover and had no such button", () => {
    const off = (path: readonly Step[], last: Partial<LastJob>): Asset => {
      const asset = card(path, { last });
      return { ...asset, currentVersion: { ...asset.currentVersion, modelGone: true } };
    };
    const paid = off(FAILED, { recoverable: true });
    const view = viewOf(paid);
    expect(view.actions.map(({ type }) => type)).toEqual(["recover", "delete"]);
    expect(view.primaryAction).toEqual({ type: "recover", label: "Recover", edit: false });
    expect(view.failure).toMatchObject({
      hint: "Its model is no longer offered here, but what was asked for may still be recovered.",
      charged: expect.stringContaining("Recover looks for the result"),
    });
    expect(viewOf(paid, "zh")).toMatchObject({
      primaryAction: { type: "recover", label: "找回结果" },
      failure: { hint: "它所用的模型已不再提供，不过之前的结果也许还能找回。" },
    });
    const remade = off([...DONE, "regenerate", "claim", "fail_final"], { recoverable: true });
    expect(viewOf(remade).badge?.action).toEqual({ type: "recover", label: "Recover", edit: false });
  });

  it("[U1] the one button is the one that helps", () => {
    const button = (code: LastJob["errorCode"], recoverable = false) =>
      viewOf(card(FAILED, { asset: { errorCode: code }, last: { errorCode: code, recoverable } })).primaryAction;
    expect(button("content_policy_input")).toEqual({ type: "regenerate", label: "Change the prompt", edit: true });
    expect(button("provider_unavailable")).toEqual({ type: "retry", label: "Try again", edit: false });
    expect(button("insufficient_credits")).toEqual({ type: "add_credits", label: "Add credits", edit: false });
    expect(button("provider_auth")).toEqual({ type: "check_settings", label: "Check the settings", edit: false });
    expect(button("timeout", true)).toEqual({ type: "recover", label: "Recover", edit: false });
    expect(button("unconfirmed_submit")).toEqual({ type: "retry", label: "Try again (may cost twice)", edit: false });
    expect(button(null)).toMatchObject({ type: "retry" });
  });

  it("[U1] [A4] a failure is still told when its job is purged", () => {
    const rows = after(...FAILED);
    const view = viewOf(sampleAsset({ ...rows, job: null, hold: null }));
    expect(view.failure?.title).toBe("The request was declined");
    expect(view.primaryAction?.type).toBe("regenerate");
  });

  it("[P2] [A4] that trying again may cost twice is still said when the job is purged: after a month the button promised nothing of it", () => {
    const rows = after(...FAILED);
    const purged = sampleAsset({ ...rows, job: null, hold: null });
    const label = (errorCode: Asset["errorCode"]) =>
      viewOf({ ...purged, errorCode }).actions.find(({ type }) => type === "retry")?.label;
    expect(label("unconfirmed_submit")).toBe("Try again (may cost twice)");
    expect(label("provider_unavailable")).toBe("Try again");
  });

  it("[U2] completed without a live job has no overlay; nothing that has ended has one", () => {
    for (const { rows } of shown) {
      const asset = sampleAsset(rows);
      expect(viewOf(asset).overlay === null).toBe(asset.liveJob === null);
    }
    expect(viewOf(card(DONE))).toMatchObject({
      overlay: null,
      failure: null,
      badge: null,
      tone: "done",
      icon: "check",
      primaryAction: null,
    });
  });

  it("[A7] [U3] a job that waits for references says which", () => {
    const one = { assetId: "asset-2" as AssetId, name: "Lighthouse" };
    const live = (waitingFor: readonly (typeof one)[]) =>
      card(["create"], { live: { phase: "waiting_inputs", queuePosition: null, waitingFor } });
    expect(viewOf(live([one])).overlay).toMatchObject({ title: "Waiting for “Lighthouse”", queue: null });
    expect(viewOf(live([one, one])).overlay?.title).toBe("Waiting for “Lighthouse” and 1 more");
    expect(viewOf(live([one]), "zh").overlay?.title).toBe("等待“Lighthouse”完成");
    expect(viewOf(live([one, one, one]), "zh").overlay?.title).toBe("等待“Lighthouse”等 3 个素材完成");
    expect(viewOf(live([])).overlay?.title).toBe("Waiting for its reference");
  });

  it("[U3] the overlay shows phase, try, place in line and when the next try is", () => {
    expect(viewOf(card(["create"], { live: { queuePosition: 3 } })).overlay).toMatchObject({
      title: "In line",
      queue: "Number 3 in line",
      progress: null,
    });
    expect(viewOf(card(["create"], { live: { queuePosition: 3 } }), "zh").overlay?.queue).toBe("排在第 3 位");
    expect(viewOf(card(["create"])).overlay?.queue).toBe("Next in line");
    const startsIn = { low: durationMs(20_000), high: durationMs(40_000) };
    const soon = card(["create"], { live: { queuePosition: 2, startsIn } });
    expect(viewOf(soon).overlay?.queue).toBe("Number 2 in line · starts in about 20–40 s");
    expect(viewOf(soon, "zh").overlay?.queue).toBe("排在第 2 位 · 大约 20–40 秒后开始");
    const far = card(["create"], { live: { queuePosition: null } });
    expect(viewOf(far).overlay?.queue).toBe("More than 50 ahead");
    expect(viewOf(far, "zh").overlay?.queue).toBe("前面还有 50 个以上");
    const there = card(["create"], { live: { queuePosition: null } });
    const gone: Asset = { ...there, currentVersion: { ...there.currentVersion, modelGone: true } };
    expect(viewOf(gone).overlay).toMatchObject({ title: "Waiting", queue: null });
    expect(viewOf(gone, "zh").overlay).toMatchObject({ title: "等待中", queue: null });
    const waiting = card(["create", "claim", "fail_retryable"]);
    expect(viewOf(waiting).overlay).toMatchObject({
      title: "Waiting to try again",
      attempt: "Try 2 of 2",
      nextTry: { label: "Next try", at: waiting.liveJob?.nextTryAt },
    });
    expect(viewOf(waiting, "zh").overlay?.attempt).toBe("第 2 次尝试，共 2 次");
    expect(viewOf(card(MAKING)).overlay).toMatchObject({ title: "Making", attempt: null, overMedia: false });
  });

  it.each([
    [{ kind: "measured", fraction: 0.429, low: null, high: null }, "42%", "42%", 42],
    [{ kind: "measured", fraction: 0.999, low: null, high: null }, "99%", "99%", 99],
    [{ kind: "measured", fraction: 1, low: null, high: null }, "100%", "100%", 100],
    [{ kind: "estimated", fraction: null, low: 20_000, high: 40_000 }, "Usually 20–40 s", "通常需要 20–40 秒", null],
    [{ kind: "estimated", fraction: null, low: 20_000, high: 20_400 }, "Usually 20 s", "通常需要 20 秒", null],
    [{ kind: "estimated", fraction: null, low: 70_000, high: 180_000 }, "Usually 1–3 min", "通常需要 1–3 分钟", null],
    [
      { kind: "unknown", fraction: null, low: null, high: null },
      "This model gives no percentage",
      "该模型不提供进度百分比",
      null,
    ],
    [
      { kind: "measured", fraction: null, low: null, high: null },
      "This model gives no percentage",
      "该模型不提供进度百分比",
      null,
    ],
  ] as const satisfies readonly (readonly [Progress, string, string, number | null])[])(
    "[U3] %o is labelled honestly",
    (progress, en, zh, percent) => {
      const asset = card(MAKING, { live: { progress } });
      expect(viewOf(asset).overlay?.progress).toMatchObject({
        label: en,
        percent,
        startedAt: asset.liveJob?.startedAt,
      });
      expect(viewOf(asset, "zh").overlay?.progress?.label).toBe(zh);
    },
  );

  it("[U3] a number is shown only when the provider measured one", () => {
    const numbers = shown.flatMap(({ rows }) => {
      const progress = viewOf(sampleAsset(rows)).overlay?.progress ?? null;
      return progress === null || progress.percent === null ? [] : [{ progress, measured: rows.job?.fraction }];
    });
    expect(numbers.length).toBeGreaterThan(100);
    for (const { progress, measured } of numbers) {
      expect(progress).toMatchObject({ kind: "measured", fraction: measured });
    }
    const running = card(["create", "claim"]);
    const guess = { kind: "estimated", fraction: null, low: 20_000, high: 50_000 } as const;
    const guessed =
      running.liveJob === null ? running : { ...running, liveJob: { ...running.liveJob, progress: guess } };
    expect(viewOf(guessed).overlay?.progress).toMatchObject({ kind: "estimated", percent: null, low: 20_000 });
  });

  it("[U4] a skeleton has something to say as soon as create returns", () => {
    expect(viewOf(card(["create"]))).toMatchObject({
      status: "pending",
      label: "Waiting",
      tone: "waiting",
      overlay: { phase: "queued" },
    });
    expect(viewOf(card(["create_waiting"])).overlay?.title).toBe("Waiting for its reference");
  });

  it("[A6] while a new version is made the card shows the job over the old picture, afterwards a badge", () => {
    const remaking = viewOf(card([...DONE, "regenerate", "claim"]));
    expect(remaking).toMatchObject({
      status: "completed",
      label: "Making a new version",
      tone: "making",
      overlay: { overMedia: true },
    });
    const failed = viewOf(card([...DONE, "regenerate", "claim", "fail_retryable", "claim", "fail_retryable"]));
    expect(failed).toMatchObject({
      status: "completed",
      overlay: null,
      failure: null,
      primaryAction: null,
      badge: {
        tone: "failed",
        label: "The last try failed",
        hint: "The provider had a problem. This is the version from before.",
        action: { type: "retry" },
      },
    });
    expect(viewOf(card([...DONE, "regenerate", "cancel"])).badge).toMatchObject({
      tone: "cancelled",
      action: { type: "retry" },
    });
  });

  it("[J7] a wish shows as stopping, and says when it may still be charged; one that came too late says so", () => {
    expect(viewOf(card([...MAKING, "cancel"])).overlay).toMatchObject({
      stopping: true,
      title: "Stopping",
      icon: "circle-stop",
    });
    const open = [...MAKING, "submission_intended", "submission_open", "cancel"] as const;
    expect(viewOf(card(open)).overlay?.title).toBe("Stopping — may still be charged");
    expect(viewOf(card([...open, "complete"])).badge?.label).toBe("Finished before it could be cancelled");
    expect(viewOf(card(["create", "cancel"]))).toMatchObject({
      tone: "cancelled",
      cancelled: { title: "Cancelled", charged: "No credits were taken." },
      primaryAction: { type: "retry" },
    });
  });

  it("[U6] an upload offers nothing but deletion", () => {
    const view = viewOf(card(["upload"]));
    expect(view.actions.map(({ type }) => type)).toEqual(["delete"]);
    expect(viewOf({ ...sampleAsset(uploadRows()), updatedAt: epochMs(1) })).toEqual(view);
    expect(sampleAsset(uploadRows()).currentVersion.media).toEqual(SAMPLE_MEDIA);
  });
});

function uploadRows(): AssetRows {
  return after("upload");
}

/** Every text of a view that a person reads. */
function texts(value: unknown, key = ""): readonly string[] {
  const notWords = ["status", "tone", "icon", "phase", "type", "kind", "code", "detail", "jobId"];
  if (typeof value === "string") return notWords.includes(key) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((item) => texts(item));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) => texts(inner, name));
}

function isSaid(text: string, language: "en" | "zh"): boolean {
  const chinese = /\p{Script=Han}/u.test(text);
  const filled = text.trim() === text && text !== "" && !/undefined|null|NaN|\[object/.test(text);
  return filled && (/^\d+%$/.test(text) || chinese === (language === "zh"));
}
