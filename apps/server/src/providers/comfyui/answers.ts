import { z } from "zod";

// What ComfyUI answers, as far as it is read here. Checked against its server.py, execution.py and comfy_execution/jobs.py of
// 2026-11 (0.3x), and against what its documentation lists under "Server routes" and "Messages".

/** It becomes part of addresses. */
export const promptIdSchema = z.string().regex(/^[\w-]{1,100}$/);
export const acceptedSchema = z.looseObject({ prompt_id: promptIdSchema });

/** `[number, prompt id, graph, extra data, outputs]`; smaller numbers come first. */
const queued = z.tuple([z.number(), z.string(), z.unknown(), z.unknown()]).rest(z.unknown());
/** A list of theirs, without what in it cannot be read: it is others' too. */
const readable = z.array(z.unknown()).transform((items) =>
  items.flatMap((item) => {
    const parsed = queued.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  }),
);
export const queueSchema = z.looseObject({ queue_running: readable, queue_pending: readable });
export type Queue = z.output<typeof queueSchema>;

/** `[event, what about it]` */
const message = z.tuple([z.string(), z.unknown()]).rest(z.unknown());
const entrySchema = z.looseObject({
  /** As it was queued. */
  prompt: z.array(z.unknown()).optional().catch([]),
  outputs: z.record(z.string(), z.unknown()).default({}),
  /** Versions before 2024 have none. */
  status: z.looseObject({ status_str: z.string(), messages: z.array(message).default([]) }).nullish(),
});
export type HistoryEntry = z.output<typeof entrySchema>;
export const historySchema = z.record(z.string(), entrySchema);
/** Others' prompts too: read no further than to know ours. */
export const pastSchema = z.record(z.string(), z.looseObject({ prompt: z.array(z.unknown()).optional().catch([]) }));

export const fileSchema = z.looseObject({
  filename: z.string().min(1),
  subfolder: z.string().default(""),
  type: z.enum(["output", "temp", "input"]).default("output"),
});
export type SavedFile = z.output<typeof fileSchema>;

/** Of a run that ended in an exception. */
export const executionErrorSchema = z.looseObject({
  node_id: z.coerce.string().catch("?"),
  node_type: z.string().catch("a node"),
  exception_type: z.string().catch(""),
  exception_message: z.string().catch(""),
});

/** Of a prompt that was not taken. */
export const refusalSchema = z.looseObject({
  error: z.looseObject({ type: z.string(), message: z.string(), details: z.string().catch("") }),
  node_errors: z
    .record(
      z.string(),
      z.looseObject({
        class_type: z.string().catch("node"),
        errors: z.array(z.looseObject({ type: z.string(), message: z.string(), details: z.string().catch("") })),
      }),
    )
    .catch({}),
});

export const uploadedSchema = z.looseObject({ name: z.string().min(1), subfolder: z.string().default("") });

/** A choice among files, as nodes of either generation describe it. */
const choice = z.union([
  z.tuple([z.array(z.string())]).rest(z.unknown()),
  z.tuple([z.literal("COMBO"), z.looseObject({ options: z.array(z.string()) })]).rest(z.unknown()),
]);
export const checkpointsSchema = z
  .looseObject({
    CheckpointLoaderSimple: z.looseObject({
      input: z.looseObject({ required: z.looseObject({ ckpt_name: choice }) }),
    }),
  })
  .transform(({ CheckpointLoaderSimple: { input } }) => {
    const [first, second] = input.required.ckpt_name;
    return first === "COMBO" ? (second as { readonly options: readonly string[] }).options : first;
  });

export const systemSchema = z.looseObject({ system: z.looseObject({ comfyui_version: z.string() }) });

/** What is told over the websocket of the steps of nodes: one node, or all that have begun. */
const steps = z.looseObject({ value: z.number(), max: z.number().positive() });
export const hintSchema = z.union([
  z.looseObject({
    type: z.literal("progress"),
    data: steps.extend({ prompt_id: z.string().optional(), node: z.string() }),
  }),
  z.looseObject({
    type: z.literal("progress_state"),
    data: z.looseObject({ prompt_id: z.string(), nodes: z.record(z.string(), steps) }),
  }),
]);
