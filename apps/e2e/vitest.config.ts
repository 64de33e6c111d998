import { defineConfig, mergeConfig } from "vitest/config";
// @boundaries-ignore every suite shares its setup, which lies at the root
import { sharedVitestConfig } from "../../vitest.shared.ts";

// One browser and one studio at a time: two cores do not make two people's machines.
export default defineConfig(
  mergeConfig(sharedVitestConfig("e2e"), {
    test: { fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 },
  }),
);
