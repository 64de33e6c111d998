import { quoted } from "./quoted.ts";
import type { Secret } from "../../Secret.ts";
import type { ClassifiedError, Provider } from "../Provider.ts";

/** For whoever runs the studio; people see the message. */
const LONGEST_DETAIL = 1_000;

/** The provider, whoever wrote it, with all that it says of failures fit to be shown and kept: a key is in none of it. */
export function withSafeWords(provider: Provider, key: Secret): Provider {
  const safe = (error: ClassifiedError): ClassifiedError => {
    const { detail: _unsafe, ...rest } = error;
    const detail = quoted(error.detail, key, LONGEST_DETAIL);
    return { ...rest, message: quoted(error.message, key) ?? NO_WORDS, ...(detail === null ? {} : { detail }) };
  };
  return {
    ...provider,
    status: async (submission, signal) => {
      const told = await provider.status(submission, signal);
      if (told.state === "failed") return { ...told, error: safe(told.error) };
      return told.state === "unknown" ? { ...told, raw: quoted(told.raw, key) ?? "" } : told;
    },
    classifyError: (error) => safe(provider.classifyError(error)),
  };
}

const NO_WORDS = "The provider does not say why.";
