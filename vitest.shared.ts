import { fileURLToPath } from "node:url";
import type { ViteUserConfig } from "vitest/config";

const rootFile = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * What every suite shares. `suite` is the name of the package's folder: its report is written to
 * `.reports/<suite>.json`, where `.ci/test.ts` counts it.
 */
export function sharedVitestConfig(suite: string): ViteUserConfig {
  return {
    test: {
      name: suite,
      include: ["src/**/*.test.{ts,tsx}"],
      setupFiles: [rootFile("./vitest.setup.ts")],
      environment: "node",
      retry: 0,
      passWithNoTests: false,
      allowOnly: false,
      restoreMocks: true,
      unstubEnvs: true,
      unstubGlobals: true,
      maxWorkers: 2,
      // For what hangs, not for what is slow on a busy machine.
      testTimeout: 30_000,
      hookTimeout: 30_000,
      reporters: ["default", "json"],
      outputFile: { json: rootFile(`./.reports/${suite}.json`) },
    },
  };
}
