import { readFileSync } from "node:fs";

/** What one vitest run wrote down. */
export interface Report {
  readonly passed: number;
  readonly failed: number;
  /** Skipped or yet to be written, by name. */
  readonly skipped: readonly string[];
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * Counts a vitest JSON report; null when it is missing or cut off. With `only`, tests whose name lacks it were left out on
 * purpose, and are not skipped.
 */
export function readReport(path: string, only: string | null): Report | null {
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(path, "utf8")) as VitestReport;
  } catch {
    return null;
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  // A file that could not be imported has no tests to fail: it counts as one.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  const rest = tests.filter(({ status }) => status !== "passed" && status !== "failed");
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failed: tests.filter(({ status }) => status === "failed").length + broken.length,
    skipped: rest.map(({ fullName }) => fullName).filter((name) => only === null || name.includes(only)),
  };
}
