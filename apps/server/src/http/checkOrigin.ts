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

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A page elsewhere must not use a visitor's browser to reach the studio: not by a name it made point here (DNS
 * rebinding: the Host header), not by posting from its own origin.
 */
export function checkOrigin(rules: OriginRules, request: FastifyRequest): Rejection | null {
  if (!rules.hosts.has(request.hostname.toLowerCase())) {
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

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
