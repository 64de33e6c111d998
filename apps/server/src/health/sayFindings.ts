import { HEALTH_EN, HEALTH_ZH } from "@reelstate/api/health";
import type { HealthFinding } from "@reelstate/api/health";
import type { Terminal } from "../Terminal.ts";

const SAID = { en: HEALTH_EN, zh: HEALTH_ZH } as const;

/** The language of whoever sits at the terminal. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): keyof typeof SAID {
  return /^zh/i.test(env["LC_ALL"] ?? env["LANG"] ?? "") ? "zh" : "en";
}

/** What is wrong, what that means, and what helps: a paragraph for each finding. */
export function sayFindings(
  findings: readonly Pick<HealthFinding, "rule" | "subject" | "check">[],
  language: keyof typeof SAID,
  { say }: Pick<Terminal, "say">,
): void {
  for (const { rule, subject, check } of findings) {
    const { wrong, means, helps } = SAID[language][check];
    say(`[${rule}] ${subject}: ${wrong}\n     ${means} ${helps}`);
  }
}
