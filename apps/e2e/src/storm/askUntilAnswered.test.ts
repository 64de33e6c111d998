import { once } from "node:events";
import { createServer } from "node:http";
import { expect, it } from "vitest";
import { studioClient } from "../harness/studioClient.ts";
import { askUntilAnswered } from "./askUntilAnswered.ts";
import { newWorld } from "./World.ts";
import type { AddressInfo } from "node:net";
import type { Answer } from "./askUntilAnswered.ts";
import type { World } from "./World.ts";

interface Said {
  readonly status: number;
  readonly body: unknown;
}

/** What becomes of a question to a studio that says one after the other, and the last for ever. */
async function ask(
  says: readonly Said[],
  options: Parameters<typeof newWorld>[1] = {},
): Promise<{ readonly answer: Answer<unknown>; readonly world: World }> {
  let asked = 0;
  const server = createServer((_request, response) => {
    const { status, body } = says[Math.min(asked, says.length - 1)] ?? { status: 404, body: null };
    asked += 1;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world = newWorld({ url, dataDir: "" }, options);
  const client = studioClient(url);
  try {
    return {
      answer: await askUntilAnswered(world, "list", (given) => client.projects.list.query(undefined, given)),
      world,
    };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const refused = (httpStatus: number): Said => ({
  status: httpStatus,
  body: [{ error: { message: "No.", code: -32_000, data: { code: "NO", httpStatus } } }],
});
const answered: Said = { status: 200, body: [{ result: { data: [] } }] };
/** By the proxy. */
const gone: Said = { status: 500, body: { statusCode: 500, code: "ECONNRESET", error: "Internal Server Error" } };

it("asks again while nobody answers or the database may be away, takes a refusal, and tells of whatever else is 500 or more", async () => {
  expect(await ask([gone, gone, answered])).toMatchObject({ answer: { ok: true }, world: { repeats: 2, heard: [] } });
  expect(await ask([refused(409)])).toMatchObject({ answer: { ok: false }, world: { refusals: 1, heard: [] } });
  expect((await ask([refused(500)])).world.heard).toHaveLength(1);
  expect((await ask([refused(503)])).world.heard).toHaveLength(1);
  const away = await ask([refused(503), answered], { mayBeAway: true });
  expect(away).toMatchObject({ answer: { ok: true }, world: { repeats: 1, heard: [] } });
});

it("a studio that failed outside of its procedures passed for one that was gone, and was asked again for ever", async () => {
  const broken: Said = { status: 500, body: { error: { message: "Something went wrong in the studio." } } };
  expect((await ask([broken])).world.heard).toMatchObject([{ rule: "A1", explanation: "A request was answered 500." }]);
  const turnedAway: Said = { status: 403, body: { error: { message: "Not from there." } } };
  expect((await ask([turnedAway])).world.heard).toMatchObject([{ explanation: "A request was answered 403." }]);
});

it("a studio that never answers was asked for ever: in the end that is a finding", async () => {
  const { answer, world } = await ask([gone], { patienceMs: 100 });
  expect(answer.ok).toBe(false);
  expect(world.heard).toMatchObject([{ rule: "J6", subject: "list" }]);
});
