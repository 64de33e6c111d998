// @vitest-environment jsdom
import { legalTransitions } from "@reelstate/lifecycle";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { machineEdges } from "./machineEdges.ts";
import { curveOf } from "./machineLayout.ts";
import { MachineDiagram } from "./MachineDiagram.tsx";
import { pathTaken } from "./pathTaken.ts";
import type { AssetTransition } from "@reelstate/api";
import type { LifecycleEventType, Status } from "@reelstate/lifecycle";

const WORDS = {
  pending: "Waiting",
  processing: "Being made",
  completed: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
} as const;
const EDGES = machineEdges();

/** A recorded transition of the asset and its job together. */
function moved(
  seq: number,
  event: LifecycleEventType,
  job: readonly [Status | null, Status | null],
  asset: readonly [Status | null, Status],
): AssetTransition {
  const [jobFrom, jobTo] = job;
  const [from, to] = asset;
  const ids = { jobId: "job-1" as AssetTransition["jobId"], versionId: "version-1" as AssetTransition["versionId"] };
  return { seq, at: seq as AssetTransition["at"], event, from, to, ...ids, attempt: 1, jobFrom, jobTo, code: null };
}

const RETRIED = [
  moved(1, "create", [null, "pending"], [null, "pending"]),
  moved(4, "claim", ["pending", "processing"], ["pending", "processing"]),
  moved(5, "progress", ["processing", "processing"], ["processing", "processing"]),
  moved(9, "fail", ["processing", "failed"], ["processing", "failed"]),
  moved(12, "retry", [null, "pending"], ["failed", "pending"]),
  moved(13, "claim", ["pending", "processing"], ["pending", "processing"]),
  moved(17, "complete", ["processing", "completed"], ["processing", "completed"]),
];

function draw(transitions: readonly AssetTransition[], current: Status) {
  return render(
    <MachineDiagram
      edges={EDGES}
      steps={pathTaken(transitions, EDGES)}
      current={current}
      statusWords={WORDS}
      describe={(path) => `Path: ${path}`}
      clock={(at) => `t${at}`}
    />,
  );
}

afterEach(cleanup);

describe("the diagram", () => {
  it("[model] draws every edge that the machines of job and asset have, and no other but the start", () => {
    const { container } = draw([], "pending");
    const drawn = [...container.querySelectorAll<SVGElement>("[data-edge]")].map(({ dataset }) => dataset["edge"]);
    const { job, asset } = legalTransitions();
    const wanted = new Set([...job, ...asset].map((edge) => edge.join(">")));
    expect(drawn).toHaveLength(wanted.size + 1);
    expect(new Set(drawn)).toEqual(new Set([...wanted, "start>pending"]));
    expect(container.querySelectorAll("[data-state]")).toHaveLength(5);
  });

  it("lays no two edges over each other", () => {
    const curves = EDGES.map(([from, to]) => curveOf(from, to));
    expect(new Set(curves.map(({ d }) => d)).size).toBe(EDGES.length);
    const labels = curves.map(({ label }) => label);
    for (const [index, a] of labels.entries()) {
      for (const b of labels.slice(index + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(14);
    }
  });

  it("marks the path that was taken with the order of its steps, and where it stands", () => {
    const { container } = draw(RETRIED, "completed");
    const taken = [...container.querySelectorAll<SVGElement>("[data-taken]")].map(({ dataset }) => [
      dataset["edge"],
      dataset["taken"],
    ]);
    expect(Object.fromEntries(taken)).toEqual({
      "start>pending": "1",
      "pending>processing": "2 5",
      "processing>failed": "3",
      "failed>pending": "4",
      "processing>completed": "6",
    });
    expect([...container.querySelectorAll<SVGElement>("[data-here]")].map(({ dataset }) => dataset["state"])).toEqual([
      "completed",
    ]);
  });

  it("says the path with its times to those who do not see it", () => {
    draw(RETRIED.slice(0, 4), "failed");
    expect(screen.getByRole("img").getAttribute("aria-label")).toBe("Path: Waiting t1 → Being made t4 → Failed t9");
  });
});

describe("the path taken", () => {
  it("[A3] begins anew where a completed asset is regenerated: no machine leads out of completed", () => {
    const again = moved(20, "regenerate", [null, "pending"], ["completed", "completed"]);
    expect(pathTaken([...RETRIED, again], EDGES).at(-1)).toMatchObject({ order: 7, from: "start", to: "pending" });
  });

  it("is one step for an upload, which has no job", () => {
    const uploaded = moved(1, "upload", [null, null], [null, "completed"]);
    expect(pathTaken([uploaded], EDGES)).toMatchObject([{ order: 1, from: "start", to: "completed" }]);
    const { container } = draw([uploaded], "completed");
    expect(container.querySelector<SVGElement>("[data-taken]")?.dataset["edge"]).toBe("start>completed");
  });
});
