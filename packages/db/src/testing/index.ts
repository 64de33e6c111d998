export { askForServer } from "./postgres/askForServer.ts";
export { openTestServer } from "./postgres/openTestServer.ts";
export { openTestDatabase } from "./postgres/openTestDatabase.ts";
export { openCutter } from "./postgres/openCutter.ts";
export { openWitness } from "./postgres/openWitness.ts";
export { openSqliteForTest } from "./openSqliteForTest.ts";
export { sampleMedia, samplePlan } from "./samples.ts";
export { storeContract } from "./storeContract.ts";
export { storeModel } from "./storeModel.ts";

export type { Cutter } from "./postgres/openCutter.ts";
export type { TestServer, TestServerOptions } from "./postgres/openTestServer.ts";
export type { OpenedStore, OpenStore } from "./openStudio.ts";
