/** Whatever is answered, to whomever. */
const ALWAYS: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * What a page of ours may do: nothing that does not come from this studio itself, but for pictures and videos from where
 * they lie, if browsers fetch them there.
 */
export function securityHeaders(mediaOrigin: string | null): Readonly<Record<string, string>> {
  const media = ["'self'", "blob:", ...(mediaOrigin === null ? [] : [mediaOrigin])].join(" ");
  return {
    ...ALWAYS,
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `img-src ${media}`,
      `media-src ${media}`,
      "font-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
  };
}
