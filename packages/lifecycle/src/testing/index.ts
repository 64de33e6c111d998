export { applyStep } from "./applyStep.ts";
export { brokenRules } from "./brokenRules.ts";
export { brokenStepRules } from "./brokenStepRules.ts";
export { explore } from "./explore.ts";
export { SAMPLE_MEDIA, sampleAsset } from "./sampleAsset.ts";
export {
  SAMPLE_ASSET,
  SAMPLE_BACKOFF,
  SAMPLE_LEASE,
  SAMPLE_START,
  sampleMedia,
  sampleNewJob,
  sampleVersionId,
} from "./samples.ts";
export { shortestPaths } from "./shortestPaths.ts";
export { simplePaths } from "./simplePaths.ts";
export { coarseStateKey, shownStateKey, stateKey } from "./stateKey.ts";
export { stepEvent } from "./stepEvent.ts";
export { assertExecutors, STEP_NAMES, STEPS } from "./steps.ts";

export type { Applied } from "./applyStep.ts";
export type { ExploreOptions, Outcome, ReachableState } from "./explore.ts";
export type { Path } from "./shortestPaths.ts";
export type { SimplePathOptions } from "./simplePaths.ts";
export type { Identify } from "./stateKey.ts";
export type { Step } from "./steps.ts";
