import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "./errorCodes.ts";
import { ERROR_TABLE, errorEntry } from "./errorTable.ts";
import { LANGUAGES } from "./language.ts";

describe("the error table", () => {
  it("[U1] has an entry for every code, and none besides", () => {
    expect(Object.keys(ERROR_TABLE)).toEqual([...ERROR_CODES]);
  });

  it.each(ERROR_CODES)("[U1] %s says what happened and what to do, in every language", (code) => {
    for (const language of LANGUAGES) {
      const { title, hint } = errorEntry(code).words[language];
      for (const text of [title, hint]) expect(/\p{Script=Han}/u.test(text)).toBe(language === "zh");
      expect(title.length).toBeLessThanOrEqual(50);
      expect(title).not.toMatch(/[.。]$/);
      expect(hint).toMatch(/[.。]$/);
    }
  });

  it("[U1] no two codes say the same", () => {
    for (const language of LANGUAGES) {
      const titles = ERROR_CODES.map((code) => errorEntry(code).words[language].title);
      expect(new Set(titles).size).toBe(titles.length);
    }
  });

  it("[P2] what the provider may have charged for is a result it withheld and an unconfirmed submit, and neither is repeated by itself", () => {
    const perhaps = ERROR_CODES.filter((code) => errorEntry(code).charged === "maybe");
    expect(perhaps).toEqual(["content_policy_output", "unconfirmed_submit"]);
    expect(perhaps.filter((code) => errorEntry(code).retryable)).toEqual([]);
  });

  it("[J5] [J6] [J10] codes of passing trouble are retryable, a person's to solve are not", () => {
    expect(ERROR_CODES.filter((code) => errorEntry(code).retryable)).toEqual([
      "rate_limited",
      "provider_unavailable",
      "timeout",
      "worker_lost",
      "storage_failed",
      "internal",
    ]);
  });
});
