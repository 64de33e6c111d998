import fc from "fast-check";
import type { AssetId, AssetType, ProjectId, Status } from "@reelstate/lifecycle";
import type { ListFilter } from "../reconcileList.ts";
import type { ModelStudio } from "./modelStudio.ts";

/** Something that happens in the studio; `which` picks an asset among those that exist. */
export type StudioStep =
  | { readonly do: "create"; readonly type: AssetType; readonly project: 0 | 1 }
  | { readonly do: "move"; readonly which: number; readonly to: Status }
  | { readonly do: "progress"; readonly which: number; readonly by: number }
  | { readonly do: "remove"; readonly which: number };

const which = fc.nat(20);
const statuses = ["pending", "processing", "completed", "failed", "cancelled"] as const;
const types = ["image", "video"] as const;

export const projects = ["project-a", "project-b"] as readonly string[] as readonly [ProjectId, ProjectId];

export const studioStep: fc.Arbitrary<StudioStep> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("create" as const),
      type: fc.constantFrom(...types),
      project: fc.constantFrom(0, 1),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("move" as const), which, to: fc.constantFrom(...statuses) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("progress" as const), which, by: fc.constantFrom(0.1, 0.3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), which }) },
);

export const FILTERS: readonly ListFilter[] = [
  {},
  { status: "processing" },
  { status: "failed" },
  { type: "video" },
  { projectId: projects[0], status: "pending" },
  { search: "tram" },
];

/** Lets it happen; answers the asset it happened to, if any. */
export function take(studio: ModelStudio, step: StudioStep): AssetId | null {
  if (step.do === "create") return studio.create(step.type, projects[step.project]).id;
  const id = [...studio.assets.keys()][step.which % Math.max(1, studio.assets.size)];
  if (id === undefined) return null;
  if (step.do === "move") studio.move(id, step.to);
  else if (step.do === "progress") studio.progress(id, step.by);
  else studio.remove(id);
  return id;
}
