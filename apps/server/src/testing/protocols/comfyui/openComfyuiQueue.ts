import { simulatedOutput } from "../../../providers/simulator/simulatedOutput.ts";
import type { ServedState } from "../ServedProvider.ts";
import type { NodeClass } from "./coreNodes.ts";
import type { ComfyuiLines } from "./openComfyuiLines.ts";
import type { PromptGraph } from "./validatePrompt.ts";

/** By a word in the prompt: never ends by itself, or ends in this. */
const ENDINGS = {
  "[slow]": "never",
  "[oom]": {
    exception_type: "torch.OutOfMemoryError",
    exception_message:
      "Allocation on device 0 would exceed allowed memory. (out of memory)\nThis error means you ran out of memory on your GPU.",
  },
  "[broken]": {
    exception_type: "RuntimeError",
    exception_message: "mat1 and mat2 shapes cannot be multiplied (77x2048 and 768x320)\n",
  },
  "[nothing]": "saves nothing",
  "[strange]": "a status of its own",
} as const;
type Ending = (typeof ENDINGS)[keyof typeof ENDINGS] | "done";

type Prompt = readonly [
  id: string,
  graph: PromptGraph,
  extra: Readonly<Record<string, unknown>>,
  outputs: readonly string[],
];
/** A prompt, as it waits, runs and is remembered. */
type Item = readonly [number: number, ...prompt: Prompt];

const STEPS = 4;

export interface ComfyuiQueue {
  /** What its process knows, which is gone with it. */
  readonly waiting: () => readonly Item[];
  readonly running: () => Item | null;
  readonly history: () => Map<string, unknown>;
  /** Its place: the one asked for, or the next. */
  readonly enqueue: (number: number | undefined, ...prompt: Prompt) => number;
  readonly clear: () => void;
  /** Whether it was waiting. */
  readonly dequeue: (id: string) => boolean;
  /** The one of this id, or whatever runs. Whether it did. */
  readonly interrupt: (id?: string) => boolean;
  /** Begins to run what waits; with `held`, nothing runs before. */
  readonly hold: (held: boolean) => void;
  /** While it lingers, nothing that runs comes to its end, unless it is interrupted. */
  readonly linger: (lingers: boolean) => void;
  readonly stateOf: (id: string) => ServedState;
  /** As its process does when it dies. */
  readonly forget: () => void;
  /** How often it began to run a prompt. */
  readonly runs: readonly string[];
  /** Of the folder `output`, which stays. */
  readonly files: Map<string, { readonly bytes: Buffer; readonly type: string }>;
  readonly close: () => void;
}

/** ComfyUI's worker: one prompt runs at a time, the others wait. What a prompt comes to is written in its words: see `Ending`. */
export function openComfyuiQueue(
  { tell, send }: Pick<ComfyuiLines, "tell" | "send">,
  { classes, stepMs }: { readonly classes: Readonly<Record<string, NodeClass>>; readonly stepMs: number },
): ComfyuiQueue {
  const files = new Map<string, { readonly bytes: Buffer; readonly type: string }>();
  const runs: string[] = [];
  let memory = newMemory();
  let held = false;
  let lingers = false;
  let closed = false;

  function newMemory() {
    return {
      waiting: [] as Item[],
      running: null as { item: Item; interrupted: boolean } | null,
      history: new Map<string, unknown>(),
      number: 0,
    };
  }

  const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, stepMs));

  async function work(): Promise<void> {
    const mine = memory;
    if (mine.running !== null || held || closed) return;
    const item = mine.waiting.toSorted(([a], [b]) => a - b)[0];
    if (item === undefined) return;
    mine.waiting.splice(mine.waiting.indexOf(item), 1);
    const running = { item, interrupted: false };
    mine.running = running;
    const [, id, graph, extra, outputs] = item;
    runs.push(id);
    const client = typeof extra["client_id"] === "string" ? extra["client_id"] : "";
    const messages: [string, Record<string, unknown>][] = [];
    const note = (event: string, data: Record<string, unknown>): void => {
      const dated = { ...data, prompt_id: id, timestamp: Date.now() };
      messages.push([event, dated]);
      send(event, dated, client);
    };
    note("execution_start", {});
    note("execution_cached", { nodes: [] });
    const ending = endingOf(graph);
    const sampler = Object.keys(graph).find((node) => graph[node]?.class_type === "KSampler") ?? outputs[0] ?? "";
    send("executing", { node: sampler, display_node: sampler, prompt_id: id }, client);
    const steps = ending === "never" ? Number.POSITIVE_INFINITY : STEPS;
    const goesOn = (step: number): boolean => (step <= steps || lingers) && !running.interrupted;
    for (let step = 1; goesOn(step); step += 1) {
      await pause();
      if (mine !== memory || closed) return;
      const value = Math.min(step, STEPS - (ending === "never" || lingers ? 1 : 0));
      const state = {
        value,
        max: STEPS,
        state: "running",
        node_id: sampler,
        prompt_id: id,
        display_node_id: sampler,
        parent_node_id: null,
        real_node_id: sampler,
      };
      send("progress_state", { prompt_id: id, nodes: { [sampler]: state } }, client);
      send("progress", { value, max: STEPS, prompt_id: id, node: sampler }, client);
      // A preview: the kind of event and of picture, four bytes each, and the picture.
      tell(Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]), Buffer.from("a JPEG")]), client);
    }
    const node = { node_id: sampler, node_type: graph[sampler]?.class_type, executed: [] };
    const saved: Record<string, unknown> = {};
    if (running.interrupted) note("execution_interrupted", node);
    else if (typeof ending === "object")
      note("execution_error", {
        ...node,
        ...ending,
        traceback: ["  File …"],
        current_inputs: { text: ["a secret"] },
        current_outputs: [],
      });
    else {
      for (const output of ending === "saves nothing" ? [] : outputs) {
        const ui = await save(output, item);
        if (mine !== memory || closed) return;
        saved[output] = ui;
        send("executed", { node: output, display_node: output, output: ui, prompt_id: id }, client);
      }
      note("execution_success", {});
    }
    const good = !running.interrupted && typeof ending !== "object";
    mine.history.set(id, {
      prompt: item,
      outputs: saved,
      status: {
        status_str: ending === "a status of its own" ? "paused" : good ? "success" : "error",
        completed: good,
        messages,
      },
      meta: {},
    });
    mine.running = null;
    send("executing", { node: null, prompt_id: id }, client);
    void work();
  }

  /** A file of the folder `output`, as the node tells of it. */
  async function save(output: string, [number, id, graph]: Item): Promise<unknown> {
    const { class_type: name = "", inputs = {} } = graph[output] ?? {};
    const type = classes[name]?.saves ?? "image";
    const prefix = String(inputs["filename_prefix"]).split("/");
    const filename = `${prefix.pop()}_${String(number + 1).padStart(5, "0")}_.${type === "image" ? "png" : "mp4"}`;
    const latent = Object.values(graph).find(({ inputs: { width } }) => typeof width === "number")?.inputs ?? {};
    const params = {
      aspectRatio: `${Number(latent["width"] ?? 16)}:${Number(latent["height"] ?? 9)}`,
      durationMs: 1_000,
      seed: number,
    };
    const bytes = await simulatedOutput({ clientRef: id, model: name, type, prompt: "", params });
    files.set([...prefix, filename].join("/"), { bytes, type: type === "image" ? "image/png" : "video/mp4" });
    const entry = { filename, subfolder: prefix.join("/"), type: "output" };
    return type === "image" ? { images: [entry] } : { images: [entry], animated: [true] };
  }

  return {
    waiting: () => memory.waiting,
    running: () => memory.running?.item ?? null,
    history: () => memory.history,
    enqueue: (number, ...prompt) => {
      const place = number ?? memory.number++;
      memory.waiting.push([place, ...prompt]);
      // After the answer: it is another thread that runs it.
      setImmediate(() => void work());
      return place;
    },
    clear: () => {
      memory.waiting.length = 0;
    },
    dequeue: (id) => {
      const at = memory.waiting.findIndex(([, waiting]) => waiting === id);
      if (at >= 0) memory.waiting.splice(at, 1);
      return at >= 0;
    },
    interrupt: (id) => {
      const { running } = memory;
      if (running === null || (id !== undefined && running.item[1] !== id)) return false;
      running.interrupted = true;
      return true;
    },
    hold: (wanted) => {
      held = wanted;
      void work();
    },
    linger: (wanted) => {
      lingers = wanted;
    },
    stateOf: (id) => {
      if (memory.running?.item[1] === id || memory.waiting.some(([, waits]) => waits === id)) return "alive";
      const entry = memory.history.get(id) as { readonly status: { readonly completed: boolean } } | undefined;
      return entry?.status.completed === true ? "made" : "over";
    },
    forget: () => {
      memory = newMemory();
    },
    runs,
    files,
    close: () => {
      closed = true;
    },
  };
}

function endingOf(graph: PromptGraph): Ending {
  const words = JSON.stringify(graph);
  return Object.entries(ENDINGS).find(([word]) => words.includes(word))?.[1] ?? "done";
}
