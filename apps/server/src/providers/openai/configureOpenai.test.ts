import { describe, expect, it } from "vitest";
import { HOSTED } from "../hosted/hosted.ts";
import { parseHosted } from "../hosted/parseHosted.ts";

const GATEWAY = { OPENAI_API_KEY: "sk-1", OPENAI_BASE_URL: "https://gateway.example/v1" };

function flawOf(env: Readonly<Record<string, string>>): string {
  const parsed = parseHosted(HOSTED, env, "/");
  return "flaws" in parsed ? parsed.flaws.join() : "";
}

describe("the video models of a gateway", () => {
  it.each([
    [{ OPENAI_API_KEY: "sk-1" }],
    [{ ...GATEWAY, OPENAI_VIDEO_MODELS: "" }],
    // Whose key and address somebody may enter in the studio.
    [{ OPENAI_VIDEO_MODELS: "sora-2=0.10" }],
    [{ ...GATEWAY, OPENAI_VIDEO_MODELS: "sora-2=0.10, vendor/wan-2.6=0.05" }],
  ])("are those that are named, with what they cost: %o", (env) => {
    expect(flawOf(env)).toBe("");
  });

  it.each<[Readonly<Record<string, string>>, RegExp]>([
    [{ ...GATEWAY, OPENAI_VIDEO_MODELS: "sora-2" }, /OPENAI_VIDEO_MODELS must name models with dollars/],
    [{ ...GATEWAY, OPENAI_VIDEO_MODELS: "sora-2=dear" }, /such as sora-2=0\.10/],
    [{ ...GATEWAY, OPENAI_VIDEO_MODELS: "sora-2=0.1,sora-2=0.2" }, /sora-2, which is named already/],
    [{ ...GATEWAY, OPENAI_VIDEO_MODELS: "gpt-image-2.6-flare=0.1" }, /named already/],
    [{ OPENAI_API_KEY: "sk-1", OPENAI_VIDEO_MODELS: "sora-2=0.10" }, /OpenAI itself makes no videos any more/],
  ])("are refused in %o, with what to set instead", (env, words) => {
    expect(flawOf(env)).toMatch(words);
  });
});
