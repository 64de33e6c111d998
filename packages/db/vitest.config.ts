import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vitest/config";
// @boundaries-ignore every suite shares its setup, which lies at the root
import { sharedVitestConfig } from "../../vitest.shared.ts";

export default mergeConfig(
  sharedVitestConfig("db"),
  defineConfig({
    test: { globalSetup: [fileURLToPath(new URL("src/testing/postgres/vitestServer.ts", import.meta.url))] },
  }),
);
