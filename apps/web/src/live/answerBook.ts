import { answersOf } from "./answersOf.ts";
import type { Query } from "@tanstack/react-query";
import type { AssetPageAnswer } from "@reelstate/api";
import type { Knowledge } from "./knowledge.ts";

/** Where the feed stood when a question was asked. The answer was read later than that. */
export interface Asked {
  readonly epoch: number;
  readonly since: number | null;
  readonly position: number | null;
  /** What was last heard of credits by then. */
  readonly credits: Knowledge["credits"];
}

/**
 * Remembers when each query was asked, to tell whether its answer and the events heard since together are the whole
 * truth: an answer read before `since` may lack events that this tab never heard.
 */
export interface AnswerBook {
  note(query: Query, known: Knowledge): void;
  asked(query: Query): Asked | null;
  /** Whether nothing can be missing between the query's answer and what is known. */
  covers(query: Query, known: Knowledge): boolean;
  /** Those pages that the studio has just answered, not the ones this tab has read before. */
  newPages(pages: readonly AssetPageAnswer[]): readonly AssetPageAnswer[];
}

export function createAnswerBook(): AnswerBook {
  const questions = new WeakMap<Query, Asked>();
  const seen = new WeakSet<object>();
  return {
    note(query, { epoch, since, position, credits }) {
      questions.set(query, { epoch, since, position, credits });
    },
    asked: (query) => questions.get(query) ?? null,
    covers(query, { epoch, since }) {
      const asked = questions.get(query);
      const answer = answersOf(query);
      if (answer === null || since === null) return true;
      if (asked === undefined || asked.epoch !== epoch) return false;
      // A gap was skipped since: what was written into the answer may be what the lost events took back.
      if (asked.since !== null && asked.since !== since) return false;
      // Timelines, jobs and ledger lines have no place in the feed of their own; events refresh them, and a gap does too.
      if (answer.of === "other") return true;
      if (answer.of === "list") return answer.pages.every((page) => page.seq >= since);
      return asked.position !== null && asked.position >= since;
    },
    newPages(pages) {
      const fresh = pages.filter((page) => !seen.has(page.items));
      for (const page of fresh) seen.add(page.items);
      return fresh;
    },
  };
}
