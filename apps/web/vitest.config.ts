import react from "@vitejs/plugin-react";
import { defineConfig, mergeConfig } from "vitest/config";
import { sharedVitestConfig } from "../../vitest.shared.ts";

export default defineConfig(mergeConfig({ plugins: [react()], test: { environment: "jsdom" } }, sharedVitestConfig("web")));
