// @vitest-environment jsdom
import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { navigate } from "../address/navigate.ts";
import { openStudioPage } from "../testing/openStudioPage.tsx";
import { toasts } from "../ui/toasts.ts";
import { useAssetPress } from "./useAssetPress.ts";
import type { Asset, LastJob, ProjectId } from "@reelstate/lifecycle";

beforeEach(() => {
  localStorage.clear();
  toasts.set([]);
});
afterEach(cleanup);

/** A button that does what a failed card's does; the card shows the asset as it was when the page was opened. */
function openCard(language: "en" | "zh" = "en") {
  const shown: { asset: Asset | null } = { asset: null };
  const page = openStudioPage(<Button of={shown} />, { language });
  const { id } = page.studio.create("image", "project-a" as ProjectId);
  const failed = page.studio.move(id, "failed");
  const shows = (lastJob: Partial<LastJob> | null) => (shown.asset = { ...failed, lastJob: lastJob as LastJob | null });
  return { ...page, shows, user: userEvent.setup({ pointerEventsCheck: 0 }) };
}

function Button({ of }: { readonly of: { readonly asset: Asset | null } }) {
  const { press } = useAssetPress();
  const does = (type: "retry" | "check_settings") => () => {
    if (of.asset !== null) press(of.asset, { type, label: "", edit: false });
  };
  return (
    <>
      <button type="button" onClick={does("retry")}>
        Retry
      </button>
      <button type="button" onClick={does("check_settings")}>
        Check settings
      </button>
    </>
  );
}

const said = () => toasts.get().map(({ text }) => text);
const retry = () => screen.getByRole("button", { name: "Retry" });

describe("a card whose provider refused the key", () => {
  it("[U1] leads to where that provider's key is set", async () => {
    navigate("/?type=video");
    const { user, shows } = openCard();
    shows(null);
    await user.click(screen.getByRole("button", { name: "Check settings" }));
    expect(location.pathname + location.search).toBe("/providers/sim?type=video");
    navigate("/");
  });
});

describe("trying again from a card", () => {
  it("[C1] agrees to the price that was seen last", async () => {
    const { user, model, shows } = openCard();
    shows({ quote: 6 as LastJob["quote"] });
    await user.click(retry());
    await waitFor(() => expect(model.starts).toMatchObject([{ kind: "retry", expectedQuote: 6 }]));
    expect(said()).toEqual([]);
  });

  it.each([
    ["en", "The price is 9 credits now. If that is fine, press again."],
    ["zh", /9/],
  ] as const)(
    "[C1] is not paid at another price until that was said and pressed again (%s)",
    async (language, words) => {
      const { user, model, shows, script } = openCard(language);
      shows({ quote: 6 as LastJob["quote"] });
      script.priceEach = 9;
      await user.click(retry());
      await waitFor(() => expect(said()).toEqual([expect.stringMatching(words)]));
      expect(model.starts).toEqual([]);
      await user.click(retry());
      await waitFor(() => expect(model.starts).toMatchObject([{ kind: "retry", expectedQuote: 9 }]));
    },
  );

  it("[C1] of something whose price nobody remembers says the price first", async () => {
    const { user, model, shows } = openCard();
    shows(null);
    await user.click(retry());
    await waitFor(() => expect(said()).toEqual(["The price is 6 credits now. If that is fine, press again."]));
    expect(model.starts).toEqual([]);
  });
});
