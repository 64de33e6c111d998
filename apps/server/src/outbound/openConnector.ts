import { lookup as lookUp } from "node:dns";
import { isIP } from "node:net";
import { buildConnector } from "undici";
import { isPublicAddress } from "./isPublicAddress.ts";
import { OutboundError } from "./OutboundError.ts";
import type { LookupFunction } from "node:net";

const CONNECT_MS = 10_000;

/**
 * How sockets are opened. Whatever goes wrong here goes wrong before a byte of a request is sent. With `publicOnly` the very
 * address that is connected to has been judged, so a name that changes its address in between gains nothing.
 */
export function openConnector({
  publicOnly,
  lookup = lookUp,
}: {
  readonly publicOnly: boolean;
  readonly lookup?: LookupFunction;
}): buildConnector.connector {
  const connect = buildConnector({
    timeout: CONNECT_MS,
    allowH2: false,
    ...(publicOnly ? { lookup: publicLookup(lookup) } : {}),
  });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, "");
    if (publicOnly && isIP(host) !== 0 && !isPublicAddress(host))
      return callback(new OutboundError("refused_address", { neverSent: true }), null);
    connect(options, (error, socket) => {
      if (error === null) return callback(null, socket);
      callback(
        error instanceof OutboundError ? error : new OutboundError("unreachable", { neverSent: true, cause: error }),
        null,
      );
    });
  };
}

/** One address of the own network among several is reason enough. */
function publicLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses = Array.isArray(found) ? found : [];
      if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address)))
        return callback(new OutboundError("refused_address", { neverSent: true }), []);
      const [first] = addresses;
      if (options.all === true) return callback(null, addresses);
      callback(null, first?.address ?? "", first?.family ?? 4);
    });
}
