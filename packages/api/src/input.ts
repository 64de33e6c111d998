import { ASSET_TYPES, credits, STATUSES } from "@reelstate/lifecycle";
import { z } from "zod";
import { jsonFlaw } from "./jsonFlaw.ts";
import type { AssetId, JobId, ProjectId } from "@reelstate/lifecycle";

export const LIMITS = {
  promptChars: 4_000,
  nameChars: 120,
  /** JSON of all parameters together. */
  paramsBytes: 8_192,
  inputs: 4,
  count: 8,
  listItems: 100,
  searchChars: 200,
  keyChars: 1_000,
  homeChars: 500,
  /** Requests to a provider at once. */
  atOnce: 1_000,
  models: 1_000,
  providers: 200,
  /** More credits than anyone has, and far below what a number can hold. */
  budget: 1_000_000_000_000,
} as const;

const ID = /^[A-Za-z0-9_-]{1,64}$/;

function id<Brand extends string>() {
  return z.custom<Brand>((value) => typeof value === "string" && ID.test(value), {
    error: "must be an id: 1 to 64 letters, digits, - or _",
  });
}

const assetId = id<AssetId>();
const projectId = id<ProjectId>();

/** Text that every database and every font can hold: no NUL or other control characters, no half surrogates. */
function text(max: number) {
  return z
    .string()
    .refine((value) => value.isWellFormed(), { error: "has broken characters; remove them" })
    .transform((value) => value.replace(CONTROL, "").trim())
    .pipe(z.string().max(max, { error: `is too long: at most ${max} characters` }));
}

// oxlint-disable-next-line no-control-regex -- control characters are what is removed
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

const prompt = text(LIMITS.promptChars).pipe(z.string().min(1, { error: "is empty; write what you want to see" }));
const name = text(LIMITS.nameChars).pipe(z.string().min(1, { error: "is empty; give it a name" }));

/** The parameters that every model may read; a model's own (a simulator's script, a slate) are checked by its provider. */
const params = z
  .looseObject({
    aspectRatio: z
      .string()
      .regex(/^\d{1,2}:\d{1,2}$/, { error: "must look like 16:9" })
      .optional(),
    durationMs: z
      .int({ error: "must be a whole number of milliseconds" })
      .min(1, { error: "must be above zero" })
      .max(600_000, { error: "must be at most 600000" })
      .optional(),
    seed: z
      .int({ error: "must be a whole number from 0 to 4294967295" })
      .min(0, { error: "must be a whole number from 0 to 4294967295" })
      .max(4_294_967_295, { error: "must be a whole number from 0 to 4294967295" })
      .optional(),
    resolution: z.string().max(16).optional(),
  })
  .superRefine((value, context) => {
    const message = jsonFlaw(value, LIMITS.paramsBytes);
    if (message !== null) context.addIssue({ code: "custom", message });
  });

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7E]{1,128}$/, { error: "must be 1 to 128 printable ASCII characters without spaces" });

const expectedQuote = z.int({ error: "must be a whole number of credits" }).min(0, { error: "must not be below zero" });

const inputs = z.array(assetId).max(LIMITS.inputs, { error: `are too many: at most ${LIMITS.inputs}` });

export const createInput = z.strictObject({
  projectId: projectId.optional(),
  type: z.enum(ASSET_TYPES),
  prompt,
  name: name.optional(),
  model: z.string().min(1).max(128).optional(),
  params: params.optional(),
  inputs: inputs.optional(),
  count: z
    .int({ error: "must be a whole number" })
    .min(1, { error: "must be at least 1" })
    .max(LIMITS.count, { error: `must be at most ${LIMITS.count}` })
    .optional(),
  /** The total the person saw; a different quote is refused as `quote_changed` (C1). */
  expectedQuote: expectedQuote.optional(),
  idempotencyKey: idempotencyKey.optional(),
});

export const listInput = z.strictObject({
  projectId: projectId.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(LIMITS.listItems).default(50),
  status: z.enum(STATUSES).optional(),
  type: z.enum(ASSET_TYPES).optional(),
  search: text(LIMITS.searchChars).optional(),
});

export const assetInput = z.strictObject({ id: assetId });

export const cancelInput = z.strictObject({
  id: assetId,
  /** The job that was seen: where another one is under way by now, that goes on (J7). */
  jobId: id<JobId>().optional(),
});

export const startInput = z.strictObject({
  id: assetId,
  expectedQuote: expectedQuote.optional(),
  idempotencyKey: idempotencyKey.optional(),
});

/** Regenerating may change what is asked for; what is left out stays as it was. */
export const regenerateInput = z.strictObject({
  ...startInput.shape,
  prompt: prompt.optional(),
  params: params.optional(),
  inputs: inputs.optional(),
});

export const jobsInput = z.strictObject({
  status: z.enum(STATUSES).optional(),
  limit: z.int().min(1).max(LIMITS.listItems).default(50),
});

export const projectInput = z.strictObject({ name });

export const entriesInput = z.strictObject({
  limit: z.int().min(1).max(LIMITS.listItems).default(50),
  /** The id of the oldest entry seen. */
  before: z.int().min(1).optional(),
});

const providerName = z.string().min(1).max(LIMITS.nameChars);

/** As it goes into a header. Whatever it cannot be was pasted with something around it; it is not repeated in the answer. */
const key = z
  .string()
  .trim()
  .min(1, { error: "is empty; paste it, or give null to forget the one that is kept" })
  .max(LIMITS.keyChars, { error: `is too long: at most ${LIMITS.keyChars} characters` })
  .regex(/^[\x21-\x7E]*$/, { error: "holds something that no key does; paste it again, without spaces" });

const home = z
  .string()
  .trim()
  .max(LIMITS.homeChars, { error: `is too long: at most ${LIMITS.homeChars} characters` })
  .refine(isHome, { error: "must be an http or https address such as http://127.0.0.1:8188, without a key in it" });

/** The address of an API, without anything in it that is secret or belongs to one call. */
function isHome(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return false;
  return [url.username, url.password, url.search, url.hash].every((part) => part === "");
}

const modelIds = z
  .array(z.string().min(1).max(128))
  .max(LIMITS.models, { error: `are too many: at most ${LIMITS.models}` });

/** What is absent stays; null goes back to what the environment says, or to none. */
export const saveProviderInput = z.strictObject({
  name: providerName,
  enabled: z.boolean().optional(),
  key: key.nullable().optional(),
  home: home.nullable().optional(),
  limit: z
    .int({ error: "must be a whole number" })
    .min(1, { error: "must be at least 1" })
    .max(LIMITS.atOnce, { error: `must be at most ${LIMITS.atOnce}` })
    .nullable()
    .optional(),
  /** The first are offered first, those that are not named after them; `off` are not offered. */
  models: z.strictObject({ order: modelIds, off: modelIds }).optional(),
});

/** The first are offered first; those that are not named follow as they were. */
export const orderProvidersInput = z.strictObject({ names: z.array(providerName).min(1).max(LIMITS.providers) });

/** What is typed, or what is kept where nothing is. */
export const checkProviderInput = z.strictObject({
  name: providerName,
  key: key.optional(),
  home: home.optional(),
});

const budget = z
  .int({ error: "must be a whole number of credits, or null for no budget" })
  .min(0, { error: "must not be below zero" })
  .max(LIMITS.budget, { error: `must be at most ${LIMITS.budget}` })
  .transform((amount) => credits(amount))
  .nullable()
  .optional();

/** What is absent stays; null: no budget. */
export const setBudgetInput = z.strictObject({ day: budget, month: budget });

export const healthInput = z.strictObject({
  /** Reads every file's bytes and compares them with its hash: slow. */
  deep: z.boolean().default(false),
});

export const nothing = z.strictObject({}).optional();

export const liveInput = z
  .strictObject({
    /** Start after this seq: the position of the list that is shown. */
    after: z.int().min(0).optional(),
    /** Sent by the client when it reconnects: the seq of the last tracked item. */
    lastEventId: z
      .string()
      .regex(/^\d{1,15}$/)
      .optional(),
    /** The feed that the position belongs to; another database answers with a reset (E3). */
    feedId: z.string().max(64).optional(),
  })
  .optional();

export type LiveInput = z.infer<typeof liveInput>;

/** The query of `POST /uploads`. */
export const uploadQuery = z.object({
  name: name.optional(),
  projectId: projectId.optional(),
});
