// @vitest-environment jsdom
import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { openStudioPage } from "../../testing/openStudioPage.tsx";
import { CreditsPanel } from "./CreditsPanel.tsx";
import type { CreditEntry } from "@reelstate/api";
import type { ProjectId } from "@reelstate/lifecycle";

afterEach(cleanup);

function entry(id: number): CreditEntry {
  const asset = { jobId: `job-${id}`, assetId: `asset-${id}`, assetName: `Picture ${id}` };
  return { id, at: 0, kind: "hold", balance: 0, held: 6, ...asset } as unknown as CreditEntry;
}

const lines = () => screen.queryAllByRole("listitem").map((line) => line.querySelector("button")?.textContent);
const names = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => `Picture ${from - at}`);

describe("the ledger", () => {
  it.each([
    ["en", "Show earlier entries"],
    ["zh", "显示更早的记录"],
  ] as const)(
    "[C3] is shown to its first line, each with what it was for, a page at a time (%s)",
    async (language, more) => {
      const user = userEvent.setup({ pointerEventsCheck: 0 });
      const { script } = openStudioPage(<CreditsPanel onLeave={() => {}} />, { language });
      script.ledger.push(...names(120, 1).map((_name, at) => entry(120 - at)));
      await waitFor(() => expect(lines()).toEqual(names(120, 71)));
      await user.click(screen.getByRole("button", { name: more }));
      await waitFor(() => expect(lines()).toEqual(names(120, 21)));
      await user.click(screen.getByRole("button", { name: more }));
      await waitFor(() => expect(lines()).toEqual(names(120, 1)));
      expect(screen.queryByRole("button", { name: more })).toBeNull();
    },
  );

  it("[C3] has no gap and no line twice when more is written while pages are open", { timeout: 60_000 }, async () => {
    const user = userEvent.setup({ pointerEventsCheck: 0 });
    const { script, studio, model } = openStudioPage(<CreditsPanel onLeave={() => {}} />);
    script.ledger.push(...names(80, 1).map((_name, at) => entry(80 - at)));
    await waitFor(() => expect(lines()).toHaveLength(50));
    await user.click(screen.getByRole("button", { name: "Show earlier entries" }));
    await waitFor(() => expect(lines()).toEqual(names(80, 1)));
    await waitFor(() => expect(model.streams).toBeGreaterThan(0));
    script.ledger.unshift(entry(83), entry(82), entry(81));
    // What is committed before a stream has begun is not news to it; one of these comes later.
    const events = setInterval(() => {
      studio.create("image", "project-a" as ProjectId);
      model.wake();
    }, 1_500);
    try {
      await waitFor(() => expect(lines()).toEqual(names(83, 1)), { timeout: 30_000 });
    } finally {
      clearInterval(events);
    }
  });
});
