import { openOutbound } from "../../outbound/openOutbound.ts";
import { checkProvider } from "../checkProvider.ts";
import { classifyRedirect } from "./classifyRedirect.ts";
import { hostedDeps } from "./hostedDeps.ts";
import { ProviderUnusable } from "./ProviderUnusable.ts";
import { withSafeWords } from "./withSafeWords.ts";
import type { OutboundLimits } from "../../outbound/openOutbound.ts";
import type { Timers } from "../../Timers.ts";
import type { ClassifiedError, Provider } from "../Provider.ts";
import type { HostedPlace, HostedProvider, HostedSettings } from "./HostedProvider.ts";

/** A provider with its own way out, which closes with it. */
export function openHosted(
  { provider, home, key, folder }: HostedSettings,
  { storage, log, ...timers }: Timers & Pick<HostedPlace, "storage" | "log">,
  limits: Partial<OutboundLimits> = {},
): Provider {
  const outbound = openOutbound({ home, clock: timers.clock, limits });
  const deps = hostedDeps({ provider, key }, outbound, timers);
  const close = async (made: Provider | null): Promise<void> => {
    try {
      await made?.close();
    } finally {
      await outbound.close();
    }
  };
  const opened = made();
  const classifyError = (error: unknown): ClassifiedError =>
    classifyRedirect(error, provider) ?? opened.classifyError(error);
  return {
    ...withSafeWords({ ...opened, classifyError }, key),
    close: () => close(opened),
  };

  function made(): Provider {
    let whole: Provider | null = null;
    try {
      // Its own parts alone: what it inherits would be lost above.
      whole = { ...provider.create(deps, { storage, folder, log }), label: provider.label };
      const flaw = checkProvider(whole) ?? misnamed(whole, provider);
      if (flaw !== null) throw new ProviderUnusable(`The provider ${provider.name} cannot be used: ${flaw}`);
      return whole;
    } catch (error) {
      // What is wrong with it is told; that it does not close either is no news.
      close(whole).catch(() => {});
      throw error;
    }
  }
}

/** Submissions keep the one name, and look for it by the other. */
function misnamed({ name }: Provider, provider: HostedProvider): string | null {
  return name === provider.name
    ? null
    : `it is called ${name} when it is made, and ${provider.name} where it is exported`;
}
