// The programs of other people that a studio talks to, as the server's own tests have them.
export { openServedProviders as openProviders } from "@reelstate/server/testing/protocols/openServedProviders.ts";
export type {
  ServedName,
  ServedProvider,
  ServedRequest,
  ServedState,
} from "@reelstate/server/testing/protocols/ServedProvider.ts";
