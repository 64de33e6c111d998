import react from "@vitejs/plugin-react";
import { defineConfig, mergeConfig } from "vitest/config";
// @boundaries-ignore every suite shares its setup, which lies at the root
import { sharedVitestConfig } from "../../vitest.shared.ts";

export default defineConfig(
  mergeConfig({ plugins: [react()], test: { environment: "jsdom" } }, sharedVitestConfig("web")),
);
