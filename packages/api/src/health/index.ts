export { HEALTH_CHECKS } from "./HealthState.ts";
export { HEALTH_EN } from "./healthEn.ts";
export { HEALTH_ZH } from "./healthZh.ts";
export type { HealthCheck, HealthFinding, HealthState } from "./HealthState.ts";
export type { FindingWords, HealthWords } from "./HealthWords.ts";
