import type { HostedProvider } from "./HostedProvider.ts";

/** In the order in which their models are offered, after those that cost nothing. */
export const HOSTED: readonly HostedProvider[] = [];
