import type { Mutant } from "../Mutant.ts";

const OUTBOUND = "apps/server/src/outbound/openOutbound.ts";
const CONNECTOR = "apps/server/src/outbound/openConnector.ts";
const GOOGLE = "apps/server/src/providers/google/createGoogleProvider.ts";
const GOOGLE_TEST = "apps/server/src/providers/google/createGoogleProvider.test.ts";
const FAL = "apps/server/src/providers/fal/createFalProvider.ts";
const FAL_TEST = "apps/server/src/providers/fal/createFalProvider.test.ts";
const FAL_ERRORS_TEST = "apps/server/src/providers/fal/classifyFalError.test.ts";
const COMFYUI = "apps/server/src/providers/comfyui/createComfyuiProvider.ts";
const COMFYUI_CANCEL = "apps/server/src/providers/comfyui/cancelPrompt.ts";
const COMFYUI_TEST = "apps/server/src/providers/comfyui/createComfyuiProvider.test.ts";
const COMFYUI_CANCEL_TEST = "apps/server/src/providers/comfyui/cancelPrompt.test.ts";
const OPENAI_ERRORS = "apps/server/src/providers/openai/classifyOpenaiError.ts";
const OPENAI_TEST = "apps/server/src/providers/openai/createOpenaiProvider.test.ts";
const OUTBOUND_TEST = "apps/server/src/outbound/openOutbound.test.ts";

/** What goes out to providers, and what is believed of what comes back. */
export const PROVIDER_ROWS: readonly Mutant[] = [
  {
    name: "a submit goes out on a connection that may be closing",
    rule: "P2",
    file: OUTBOUND,
    find: 'const agent = method === "GET" ? agents.polls : agents.once;',
    replace: "const agent = agents.polls;",
    test: { file: OUTBOUND_TEST, name: "[P2] sends what cannot be repeated" },
  },
  {
    name: "a broken connection counts as never sent",
    rule: "P2",
    file: OUTBOUND,
    find: 'return new OutboundError("broken", { cause: error });',
    replace: 'return new OutboundError("broken", { cause: error, neverSent: true });',
    test: { file: OUTBOUND_TEST, name: "[P2] knows what can never have arrived" },
  },
  {
    name: "a refused connection may have been a request",
    rule: "P2",
    file: CONNECTOR,
    find: 'new OutboundError("unreachable", { neverSent: true, cause: error })',
    replace: 'new OutboundError("unreachable", { cause: error })',
    test: { file: OUTBOUND_TEST, name: "[P2] knows what can never have arrived" },
  },
  {
    name: "the key goes along to whatever address a provider names",
    rule: "P4",
    file: OUTBOUND,
    find: "if (!isBelow(folder, url)) throw",
    replace: 'if (url.href === "") throw',
    test: { file: OUTBOUND_TEST, name: "never sends a key anywhere but home" },
  },
  {
    name: "a redirect back from elsewhere makes an address home again",
    rule: "P4",
    file: "apps/server/src/outbound/openTrail.ts",
    find: "own &&= address.origin",
    replace: "own = address.origin",
    test: { file: "apps/server/src/outbound/openTrail.test.ts", name: "is never trusted more than before" },
  },
  {
    name: "the key goes to all that home's server has, not to its path alone",
    rule: "P4",
    file: OUTBOUND,
    find: "...(keyed ? headers : {})",
    replace: "...(own ? headers : {})",
    test: { file: OUTBOUND_TEST, name: "shows the key to what lies below home" },
  },
  {
    name: "an address of the own network behind NAT64 counts as public",
    rule: "P4",
    file: "apps/server/src/outbound/isPublicAddress.ts",
    find: "return isPublicIPv4(new ipaddr.IPv4(plain.toByteArray().slice(12)));",
    replace: "return true;",
    test: { file: "apps/server/src/outbound/isPublicAddress.test.ts", name: "an address of the own network is none" },
  },
  {
    name: "a name may lead into the own network",
    rule: "P4",
    file: CONNECTOR,
    find: "!addresses.every(({ address }) => isPublicAddress(address))",
    replace: "!addresses.some(({ address }) => isPublicAddress(address))",
    test: { file: OUTBOUND_TEST, name: "judges the address that a name leads to" },
  },
  {
    name: "a provider may name an address of this machine",
    rule: "P4",
    file: CONNECTOR,
    find: "if (publicOnly && isIP(host) !== 0 && !isPublicAddress(host))",
    replace: "if (publicOnly && isIP(host) === 7)",
    test: { file: OUTBOUND_TEST, name: "does not fetch from" },
  },
  {
    name: "whoever answers for Google that drawing failed is believed that nothing was drawn",
    rule: "P2",
    file: GOOGLE,
    find: 'if (code !== "internal" && code !== "unavailable") return error;',
    replace: "if (!(error instanceof RefusedAnswer)) return error;",
    test: { file: GOOGLE_TEST, name: "[P2] that Google itself did not say it failed to draw" },
  },
  {
    name: "a gateway is believed what Google says of its own bills",
    rule: "P2",
    file: GOOGLE,
    find: "throw own ? asNotBilled(error) : error;",
    replace: "throw asNotBilled(error);",
    test: { file: GOOGLE_TEST, name: "[P2] whose answer comes from a gateway in Google's own words" },
  },
  {
    name: "a gateway's video that failed for reasons unknown is bought again",
    rule: "P2",
    file: OPENAI_ERRORS,
    find: "...(meaning.retryable ? SERVICE.paid : meaning)",
    replace: "...(meaning === SERVICE.paid ? SERVICE.down : meaning)",
    test: { file: "apps/server/src/providers/openai/openaiVideo.test.ts", name: "[P2] that fails for its own trouble" },
  },
  {
    name: "a picture that storage does not take at once is thrown away",
    rule: "P6",
    file: "apps/server/src/providers/hosted/openReplyShelf.ts",
    find: "if (wait === undefined || last) throw error;",
    replace: "if (wait !== 0) throw error;",
    test: { file: GOOGLE_TEST, name: "[P6] is offered to our storage again" },
  },
  {
    name: "a result at fal that cannot be read ends the request",
    rule: "P3",
    file: FAL,
    find: "if (failure === null) throw cause;",
    replace: 'if (failure === null) return { state: "failed", error: STRANGE };',
    test: { file: FAL_TEST, name: "[P3] a result that cannot be read" },
  },
  {
    name: "what fal ended because it was told to counts as fal's failure",
    rule: "J7",
    file: FAL,
    find: 'const CANCELLED = "client_cancelled";',
    replace: 'const CANCELLED = "cancelled";',
    test: { file: FAL_TEST, name: "[J7] in the queue is done at once" },
  },
  {
    name: "what broke at fal and may have been charged is bought again",
    rule: "P6",
    file: "apps/server/src/providers/fal/falFailure.ts",
    find: "const isFree = !begun || httpStatus >= 500;",
    replace: "const isFree = !begun || httpStatus > 0;",
    test: { file: "apps/server/src/providers/fal/falFailure.test.ts", name: "is told by its result" },
  },
  {
    name: "a submit to fal whose caller seemed to be gone counts as refused",
    rule: "P2",
    file: "apps/server/src/providers/fal/classifyFalError.ts",
    find: "const CALLER_GONE = 499;",
    replace: "const CALLER_GONE = 498;",
    test: { file: FAL_ERRORS_TEST, name: "[P2] leaves open after a 499" },
  },
  {
    name: "an interrupt at ComfyUI stops whatever runs",
    rule: "J7",
    file: COMFYUI_CANCEL,
    find: "body: { prompt_id: promptId } }, signal);",
    replace: "body: {} }, signal);",
    test: { file: COMFYUI_CANCEL_TEST, name: "[J7] 0.3.60: names what it interrupts" },
  },
  {
    name: "an old ComfyUI is interrupted though it heeds no id",
    rule: "J7",
    file: COMFYUI_CANCEL,
    find: "if (!(await heedsId(deps, signal))) return;",
    replace: "",
    test: { file: COMFYUI_CANCEL_TEST, name: "[J7] 0.3.30: whose interrupt heeds no id" },
  },
  {
    name: "what ComfyUI lost in a crash is waited on",
    rule: "J6",
    file: COMFYUI,
    find: '{ state: "failed", error: VANISHED };',
    replace: '{ state: "queued", position: null };',
    test: { file: COMFYUI_TEST, name: "[J6] that ComfyUI lost in a crash" },
  },
  {
    name: "a prompt at ComfyUI can only be followed with the file of its workflow",
    rule: "P6",
    file: "apps/server/src/providers/comfyui/promptMarks.ts",
    find: "nodes: data?.reelstate_nodes ?? null",
    replace: "nodes: null",
    test: { file: COMFYUI_TEST, name: "[P1] [P6] is followed as it was sent" },
  },
  {
    name: "a prompt goes to ComfyUI however long its pictures took",
    rule: "P2",
    file: COMFYUI,
    find: "if (since() > PREPARE_WITHIN_MS) throw new ProviderFlaw(TOO_SLOW);",
    replace: "since();",
    test: { file: COMFYUI_TEST, name: "[P2] is not sent when its pictures were so long" },
  },
  {
    name: "a picture that was made before OpenAI's rules refused it counts as never asked for",
    rule: "P1",
    file: "apps/server/src/providers/openai/createOpenaiProvider.ts",
    find: 'said?.stage === "output"',
    replace: 'said?.stage === "made"',
    test: { file: OPENAI_TEST, name: "[P1] that was made before the rules refused it" },
  },
  {
    name: "a paid video is gone because the account may not fetch it",
    rule: "P6",
    file: "apps/server/src/providers/hosted/openMissingFiles.ts",
    find: "away.has(status) && !(keyed && status === FORBIDDEN)",
    replace: "away.has(status)",
    test: {
      file: "apps/server/src/providers/openai/openaiVideo.test.ts",
      name: "whose content is forbidden to the account is not gone by that",
    },
  },
  {
    name: "an empty purse at OpenAI is waited for, because its status is that of a rush",
    rule: "J5",
    file: OPENAI_ERRORS,
    find: "  insufficient_quota: SERVICE.quota,",
    replace: "  insufficient_quota: SERVICE.busy,",
    test: { file: OPENAI_TEST, name: "[P2] [J5] (an empty purse)" },
  },
  {
    name: "a picture that OpenAI draws slowly is given up as other answers are",
    rule: "P2",
    file: "apps/server/src/providers/openai/picture.ts",
    find: 'method: "POST", answerMs: PICTURE_PATIENCE_MS',
    replace: 'method: "POST"',
    test: { file: OPENAI_TEST, name: "[P2] is waited for longer" },
  },
];
