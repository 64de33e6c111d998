import { Client } from "@stable-canvas/comfyui-client";
import { describe, expect, it } from "vitest";
import { openComfyuiServer } from "../../testing/protocols/comfyui/openComfyuiServer.ts";
import { builtInWorkflows } from "./builtInWorkflows.ts";
import { fillWorkflow } from "./fillWorkflow.ts";

// ComfyUI has no client of its own for Node. This one is another's, written against real servers: what it relies on, the
// protocol server must do.

const [WORKFLOW] = builtInWorkflows();

function graph(prompt: string, checkpoint = "sd_xl_base_1.0.safetensors"): Record<string, unknown> {
  if (WORKFLOW === undefined) throw new Error("There is no built-in workflow.");
  const request = { clientRef: "job-1", model: WORKFLOW.id, type: "image", prompt, params: { seed: 3 } } as const;
  return { ...fillWorkflow(WORKFLOW, request, { pictures: [], checkpoint, id: "client" }) };
}

async function opened() {
  const server = await openComfyuiServer();
  const client = new Client({ api_host: server.url.host, clientId: "somebody", WebSocket, fetch });
  await client.connect();
  return {
    server,
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe("somebody else's client at our ComfyUI", () => {
  it("submits, hears of the progress, and finds the picture", async () => {
    await using at = await opened();
    const steps: number[] = [];
    const { images } = await at.client.enqueue(graph("dunes"), {
      progress: ({ value, max }) => steps.push(value / max),
    });
    expect(steps).toEqual([0.25, 0.5, 0.75, 1]);
    // It takes previews for pictures too.
    const found = images.find((image) => image.type === "url");
    const answer = await fetch(found?.type === "url" ? found.data : "");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/png"]);
  });

  it("reads the queue, takes out what waits, and interrupts what runs", async () => {
    await using at = await opened();
    const long = await at.client._enqueue_prompt(graph("dunes [slow]"));
    const waiting = await at.client._enqueue_prompt(graph("fog"));
    while (!(await at.client.getPromptStatus(long.prompt_id)).running)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await at.client.getPromptStatus(waiting.prompt_id)).toMatchObject({ pending: true });
    await at.client.deleteItem("queue", waiting.prompt_id);
    expect(await at.client.getPromptStatus(waiting.prompt_id)).toMatchObject({ done: true });
    await at.client.interrupt(waiting.prompt_id);
    expect(await at.client.getPromptStatus(long.prompt_id)).toMatchObject({ running: true });
    await at.client.interrupt();
    await at.client.waitForPrompt(long.prompt_id, 5);
    await expect(at.client.getPromptOutputs(long.prompt_id)).rejects.toThrow(/error|failed/i);
    await expect(at.client.getPromptOutputs(waiting.prompt_id)).rejects.toThrow(/not found/i);
  });

  it("is told what is wrong with a graph, and which node failed", async () => {
    await using at = await opened();
    await expect(at.client._enqueue_prompt(graph("dunes", "none.safetensors"))).rejects.toThrow(/400 Bad Request/);
    await expect(at.client.enqueue(graph("dunes [broken]"))).rejects.toThrow(/mat1 and mat2/);
  });

  it("learns what there is: checkpoints, samplers, the version", async () => {
    await using at = await opened();
    expect(await at.client.getSDModels()).toEqual(["sd_xl_base_1.0.safetensors"]);
    expect(await at.client.getSamplers()).toContain("dpmpp_2m");
    expect((await at.client.getSystemStats()).system.comfyui_version).toBe("0.36.0");
  });
});
