import type { ServedProvider } from "@reelstate/cluster/providers";
import type { Finding } from "../storm/Finding.ts";

type Watched = Pick<ServedProvider, "name" | "looksUp" | "steps" | "promptIn" | "requests"> & {
  readonly server: Pick<ServedProvider["server"], "onCall">;
};
type Call = Parameters<Parameters<ServedProvider["server"]["onCall"]>[0]>[0];

/** What providers hear of what is asked of them again. Each making of an asset has a prompt of its own. */
export interface SubmitWatch {
  /** How often a provider was asked to make this. */
  readonly heard: (name: ServedProvider["name"], prompt: string) => number;
  /** A person has decided to have this made once more, whatever became of it before. */
  readonly decided: (prompt: string) => void;
  readonly findings: readonly Finding[];
}

/**
 * P1 and P2, judged the moment a provider hears a submit, by what it knows itself of those before: no other is made for the same
 * work while one that it took on may still come to something, or has; nor after one that was not answered, unless it can be asked
 * whether it has it.
 */
export function watchSubmits(providers: readonly Watched[]): SubmitWatch {
  const calls = new Map<string, readonly Call[]>();
  /** Calls, and requests taken on, that were there when a person decided. */
  const past = new Map<string, { readonly calls: number; readonly taken: number }>();
  const findings: Finding[] = [];
  const keyOf = (name: string, prompt: string): string => `${name}: ${prompt}`;
  const takenOf = ({ requests }: Watched, prompt: string) => requests().filter((request) => request.prompt === prompt);

  for (const provider of providers)
    provider.server.onCall((call) => {
      if (call.step === provider.steps.submit) judge(provider, call);
    });

  function judge(provider: Watched, call: Call): void {
    const prompt = provider.promptIn(call.body);
    const key = keyOf(provider.name, prompt);
    const before = calls.get(key) ?? [];
    calls.set(key, [...before, call]);
    const done = past.get(key) ?? { calls: 0, taken: 0 };
    const alive = takenOf(provider, prompt)
      .slice(done.taken)
      .find(({ state }) => state !== "over");
    const open = before.slice(done.calls).some(({ answered }) => answered === null || answered >= 500);
    if (alive !== undefined) {
      const explanation = `Was submitted again, and ${alive.id} was ${alive.state}.`;
      findings.push({ rule: "P1", subject: key, explanation });
    } else if (open && !provider.looksUp) {
      const explanation = "Was submitted again after a submit that was not answered.";
      findings.push({ rule: "P2", subject: key, explanation });
    }
  }

  return {
    heard: (name, prompt) => calls.get(keyOf(name, prompt))?.length ?? 0,
    decided: (prompt) => {
      for (const provider of providers) {
        const key = keyOf(provider.name, prompt);
        past.set(key, { calls: calls.get(key)?.length ?? 0, taken: takenOf(provider, prompt).length });
      }
    },
    findings,
  };
}
