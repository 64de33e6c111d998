import type { FastifyRequest } from "fastify";

export interface OriginRules {
  /** Names under which this studio may be reached, without ports. */
  readonly hosts: ReadonlySet<string>;
  /** Origins besides its own that may post: the address people see when a proxy stands before it. */
  readonly publicOrigin: string | null;
}

export interface Rejection {
  readonly status: 403 | 421;
  readonly message: string;
}

/** What looks after a process asks it by its address, which is no name of ours; the answers say nothing but yes or no then. */
const PROBES: ReadonlySet<string | undefined> = new Set(["/healthz", "/readyz"]);
const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A page elsewhere must not use a visitor's browser to reach the studio: not by a name it made point here (DNS
 * rebinding: the Host header), not by posting from its own origin.
 */
export function checkOrigin(rules: OriginRules, request: FastifyRequest): Rejection | null {
  if (PROBES.has(request.routeOptions.url)) return null;
  if (!isOurName(rules, request)) {
    const message = `This studio does not answer to ${request.hostname}. Set PUBLIC_URL to the address people use.`;
    return { status: 421, message };
  }
  if (READS.has(request.method)) return null;
  const { origin, "sec-fetch-site": site } = request.headers;
  if (origin !== undefined && origin !== rules.publicOrigin && hostOf(origin) !== request.host) {
    return { status: 403, message: "This request came from another site's page and was not taken." };
  }
  if (origin === undefined && typeof site === "string" && site !== "same-origin" && site !== "none") {
    return { status: 403, message: "This request came from another site's page and was not taken." };
  }
  return null;
}

/** Whether the request was sent to a name under which this studio may be reached. */
export function isOurName({ hosts }: OriginRules, { hostname }: FastifyRequest): boolean {
  return hosts.has(hostname.toLowerCase());
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
