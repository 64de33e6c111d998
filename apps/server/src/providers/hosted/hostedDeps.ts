import { classifyOutbound } from "../../outbound/classifyOutbound.ts";
import { asDataUri } from "./asDataUri.ts";
import { ProviderFlaw } from "./ProviderFlaw.ts";
import { readPictures } from "./readPictures.ts";
import type { Timers } from "../../Timers.ts";
import type { Outbound } from "../../outbound/Outbound.ts";
import type { HostedDeps, HostedSettings } from "./HostedProvider.ts";

/** What a provider is given to work with, on its way out. */
export function hostedDeps(
  { provider, key }: Pick<HostedSettings, "provider" | "key">,
  outbound: Outbound,
  timers: Timers,
): HostedDeps {
  return {
    ...timers,
    outbound,
    key,
    classifyOutbound: (error) => (error instanceof ProviderFlaw ? error.classified : classifyOutbound(error)),
    asDataUri: async (path) => {
      const [picture] = await readPictures([path], { who: provider.name });
      if (picture === undefined) throw new Error("One picture was read, and none is there.");
      return asDataUri(picture);
    },
  };
}
