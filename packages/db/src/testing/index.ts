export { openTestDatabase } from "./postgres/openTestDatabase.ts";
export { openSqliteForTest } from "./openSqliteForTest.ts";
export { sampleMedia, samplePlan } from "./samples.ts";
export { storeContract } from "./storeContract.ts";
export { storeModel } from "./storeModel.ts";

export type { OpenedStore, OpenStore } from "./openStudio.ts";
