import { openOutbound } from "../../outbound/openOutbound.ts";
import { checkProvider } from "../checkProvider.ts";
import { classifyRedirect } from "./classifyRedirect.ts";
import { hostedDeps } from "./hostedDeps.ts";
import { ProviderUnusable } from "./ProviderUnusable.ts";
import { withSafeWords } from "./withSafeWords.ts";
import type { OutboundLimits } from "../../outbound/openOutbound.ts";
import type { Timers } from "../../Timers.ts";
import type { ClassifiedError, Provider } from "../Provider.ts";
import type { HostedPlace, HostedSettings } from "./HostedProvider.ts";

/** A provider with its own way out, which closes with it. */
export function openHosted(
  { provider, home, key, folder }: HostedSettings,
  { storage, log, ...timers }: Timers & Pick<HostedPlace, "storage" | "log">,
  limits: Partial<OutboundLimits> = {},
): Provider {
  const outbound = openOutbound({ home, clock: timers.clock, limits });
  const deps = hostedDeps({ provider, key }, outbound, timers);
  // Its own parts alone: what it inherits would be lost below.
  const opened = { ...provider.create(deps, { storage, folder, log }), label: provider.label };
  const flaw = checkProvider(opened);
  if (flaw !== null) throw new ProviderUnusable(`The provider ${provider.name} cannot be used: ${flaw}`);
  const classifyError = (error: unknown): ClassifiedError =>
    classifyRedirect(error, provider) ?? opened.classifyError(error);
  return {
    ...withSafeWords({ ...opened, classifyError }, key),
    close: async () => {
      await opened.close();
      await outbound.close();
    },
  };
}
