import { defineConfig, mergeConfig } from "vitest/config";
// @boundaries-ignore every suite shares its setup, which lies at the root
import { sharedVitestConfig } from "../../vitest.shared.ts";

// Whole matrices and hundreds of random lives: a second or two alone, more on a busy machine.
export default mergeConfig(
  defineConfig(sharedVitestConfig("lifecycle")),
  defineConfig({ test: { testTimeout: 30_000 } }),
);
