import { defineConfig } from "vitest/config";
// @boundaries-ignore every suite shares its setup, which lies at the root
import { sharedVitestConfig } from "../../vitest.shared.ts";

export default defineConfig(sharedVitestConfig("cluster"));
