import { pino } from "pino";
import { expect, it } from "vitest";
import { Secret } from "../../Secret.ts";
import { realTimers } from "../../Timers.ts";
import { openProtocolServer } from "../../testing/protocols/openProtocolServer.ts";
import { HOSTED } from "./hosted.ts";
import { openHosted } from "./openHosted.ts";
import type { ClassifiedError, SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();
const unused = (): Promise<never> => Promise.reject(new Error("Nothing is to be kept."));
const REQUEST: SubmitRequest = {
  clientRef: "1",
  model: "openai/gpt-image-2.6-flare",
  type: "image",
  prompt: "fog",
  params: { aspectRatio: "1:1" },
  inputPaths: [],
};

/** What a submit to an address is taken for that sends it on. */
async function sentOn(status: number, location: string): Promise<ClassifiedError> {
  await using server = await openProtocolServer((app) => {
    app.post("/v1/images/generations", async (_request, reply) =>
      reply.code(status).header("location", location).send(),
    );
  });
  const provider = HOSTED.find(({ name }) => name === "openai");
  if (provider === undefined) throw new Error("There is no such provider.");
  const opened = openHosted(
    { provider, home: new URL("v1", server.url), key: new Secret("k-1"), folder: "/nowhere" },
    { ...realTimers, storage: { put: unused, get: unused }, log: pino({ level: "silent" }) },
  );
  try {
    await opened.submit(REQUEST, signal);
    return expect.fail("It was accepted.");
  } catch (error) {
    return opened.classifyError(error);
  } finally {
    await opened.close();
  }
}

it.each([301, 307, 308])(
  "[P2] an address that answers %i took nothing on: where to set it right is said",
  async (status) => {
    expect(await sentOn(status, "https://gateway.example/v1/images/generations?key=k-1")).toEqual({
      code: "provider_unavailable",
      message:
        "The address of OpenAI sends calls on to https://gateway.example; set it to where they are to go, on the providers page or as OPENAI_BASE_URL.",
      detail: `The provider answered ${status}.`,
      retryable: true,
      notAccepted: true,
    });
  },
);

it.each([302, 303])(
  "[P2] one that answers %i may have done what it was asked to: that is left open",
  async (status) => {
    const told = await sentOn(status, "/somewhere");
    expect(told).toMatchObject({
      message: expect.stringMatching(/sends calls on to another path; .* on the providers page or as OPENAI_BASE_URL/),
    });
    expect(told.notAccepted).toBeUndefined();
  },
);
