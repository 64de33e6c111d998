import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { ERROR_CODES } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { sniff } from "../media/mediaTypes.ts";
import { submissionOf } from "./submissionOf.ts";
import type { Provider, SubmitRequest, ProviderStatus } from "../providers/Provider.ts";

/** A provider with requests of its own to try it by; closed and removed when disposed of. */
export interface OpenedProvider extends AsyncDisposable {
  readonly provider: Provider;
  /** One that is soon done; each reference is another request. */
  readonly quick: (clientRef: string) => SubmitRequest;
  /** One that is not done before it can be cancelled; absent where what is accepted is made already. */
  readonly slow?: (clientRef: string) => SubmitRequest;
}

const { signal } = new AbortController();
const PATIENCE_MS = 20_000;
const ENDS: ReadonlySet<ProviderStatus["state"]> = new Set(["succeeded", "failed", "cancelled"]);

/** What the worker relies on in every provider. */
export function providerContract(name: string, open: () => Promise<OpenedProvider>): void {
  async function follow(
    provider: Provider,
    request: SubmitRequest,
    providerRef: string,
  ): Promise<readonly ProviderStatus[]> {
    const told: ProviderStatus[] = [];
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await wait(30)) {
      const status = await provider.status(submissionOf(request, providerRef), signal);
      told.push(status);
      if (ENDS.has(status.state)) return told;
    }
    throw new Error(`It did not end: ${JSON.stringify(told.at(-1))}`);
  }
  const repeats = (provider: Provider, request: SubmitRequest): boolean =>
    typeof provider.idempotentSubmit === "function" ? provider.idempotentSubmit(request) : provider.idempotentSubmit;

  describe(`the ${name} provider`, { timeout: 60_000 }, () => {
    it("offers models that can be shown and asked for with their defaults", async () => {
      await using opened = await open();
      const { models } = opened.provider;
      expect(new Set(models.map(({ id }) => id)).size).toBe(models.length);
      for (const offer of models) {
        const { durationsMs } = offer;
        expect(offer.description.en).not.toBe("");
        expect(offer.description.zh).toMatch(/\p{Script=Han}/u);
        expect(durationsMs === null).toBe(offer.type === "image");
        if (durationsMs !== null) {
          expect(durationsMs.default).toBeGreaterThanOrEqual(durationsMs.min);
          expect(durationsMs.default).toBeLessThanOrEqual(durationsMs.max);
        }
        const price = offer.price({ durationMs: durationsMs?.default });
        expect(Number.isInteger(price) && price >= 0).toBe(true);
        expect(offer.attemptTimeoutMs).toBeGreaterThan(0);
        expect(offer.jobTimeoutMs).toBeGreaterThanOrEqual(offer.attemptTimeoutMs);
        expect(offer.parseParams?.({}) ?? null).toBeNull();
      }
    });

    it("carries out what it accepted, tells honestly how far it is, and gives the same bytes as often as they are fetched", async () => {
      await using opened = await open();
      const { provider } = opened;
      const request = opened.quick("job-1");
      const { providerRef } = await provider.submit(request, signal);
      expect(providerRef).not.toBe("");
      const told = await follow(provider, request, providerRef);
      expect(told.at(-1)).toEqual({ state: "succeeded" });
      const fractions = told.flatMap((status) => (status.state === "running" ? [status.fraction ?? 0] : []));
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
      const outputs = [];
      for (let time = 0; time < 2; time += 1) {
        const output = await provider.fetchOutput(submissionOf(request, providerRef), signal);
        const bytes = await buffer(output.body);
        expect(output.claimedBytes ?? bytes.length).toBe(bytes.length);
        outputs.push(bytes);
      }
      expect(outputs[0]?.equals(outputs[1] ?? Buffer.alloc(0))).toBe(true);
      expect(sniff(outputs[0] ?? Buffer.alloc(0))).toMatch(request.type === "image" ? /png|webp|jpg/ : /mp4|webm/);
      expect(await provider.status(submissionOf(request, providerRef), signal)).toEqual({ state: "succeeded" });
    });

    it("[P2] finds by our reference what it accepted, and knows for certain what it never heard of", async () => {
      await using opened = await open();
      const { provider } = opened;
      const [heard, unheard] = [opened.quick("job-1"), opened.quick("other-1")];
      const { providerRef } = await provider.submit(heard, signal);
      expect((await provider.lookup?.(heard, signal)) ?? { state: "found", providerRef }).toEqual({
        state: "found",
        providerRef,
      });
      expect((await provider.lookup?.(unheard, signal)) ?? { state: "absent" }).toEqual({ state: "absent" });
    });

    it("[P2] makes one request of one reference where it says so, however often it is submitted", async () => {
      await using opened = await open();
      const { provider } = opened;
      const request = opened.quick("job-1");
      const first = await provider.submit(request, signal);
      const again = repeats(provider, request) ? await provider.submit(request, signal) : first;
      expect(again).toEqual(first);
      const other = await provider.submit(opened.quick("job-2"), signal);
      expect(other.providerRef).not.toBe(first.providerRef);
    });

    it("[J7] ends what it is asked to cancel, and says so itself when it has", async () => {
      await using opened = await open();
      const { provider } = opened;
      const request = (opened.slow ?? opened.quick)("job-1");
      const { providerRef } = await provider.submit(request, signal);
      const ended = ENDS.has((await provider.status(submissionOf(request, providerRef), signal)).state);
      expect(ended).toBe(opened.slow === undefined);
      await provider.cancel?.(submissionOf(request, providerRef), signal);
      const told = await follow(provider, request, providerRef);
      const cannot = ended || provider.cancel === undefined;
      expect(told.at(-1)).toEqual({ state: cannot ? "succeeded" : "cancelled" });
    });

    it("[P3] gives every error a code and words, whatever was thrown", async () => {
      await using opened = await open();
      for (const error of [
        new Error("socket hang up"),
        new TypeError("fetch failed"),
        "text",
        undefined,
        { status: 503 },
        null,
      ]) {
        const { code, message, retryable } = opened.provider.classifyError(error);
        expect(ERROR_CODES).toContain(code);
        expect(message.trim()).not.toBe("");
        expect(typeof retryable).toBe("boolean");
      }
    });
  });
}
