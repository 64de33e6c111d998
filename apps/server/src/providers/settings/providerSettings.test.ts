import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openTestDatabase } from "@reelstate/db/testing";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { FAL_TEST_KEY, openFalServer } from "../../testing/protocols/fal/openFalServer.ts";
import { openSettings } from "../../testing/openSettings.ts";
import { HOSTED } from "../hosted/hosted.ts";
import type { HostedProvider } from "../hosted/HostedProvider.ts";

const KEY = "acme-key-0123456789abcdef";
const OTHER_HOME = "https://elsewhere.example/v1";
const patience = { timeout: 30_000, interval: 20 };

type Running = Awaited<ReturnType<Awaited<ReturnType<typeof openSettings>>["start"]>>;

const ended = (studio: Running, id: string) =>
  expect.poll(async () => (await studio.get(id)).liveJob === null, patience).toBe(true);
const made = async (studio: Running, script?: Record<string, unknown>, model?: string): Promise<string> => {
  const { data, error } = await studio.create(script, model);
  if (error !== undefined) throw new Error(error.message);
  return data.assets[0]?.id ?? "";
};
const atProvider = (studio: Running, id: string) =>
  expect.poll(async () => (await studio.get(id)).liveJob?.phase, patience).toBe("at_provider");

function change(folder: string, sql: string): void {
  const db = new Sqlite(join(folder, "reelstate.sqlite"));
  db.exec(sql);
  db.close();
}

/** Every byte in the studio's folder but the sealing key's, and in a copy of its database. */
async function everyByte(folder: string): Promise<string> {
  const db = new Sqlite(join(folder, "reelstate.sqlite"), { readonly: true });
  await db.backup(join(folder, "copy.sqlite"));
  db.close();
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile() && one.name !== "secret.key");
  const bytes = await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), "latin1")));
  expect(files.map(({ name }) => name)).toContain("copy.sqlite");
  return bytes.join("\n");
}

describe("a provider that is set up in the studio", { timeout: 120_000 }, () => {
  it("makes pictures at once, after a restart too, and its key is nowhere to be read", async () => {
    await using fal = await openFalServer(() => ({ status: "COMPLETED" }));
    const falProvider = HOSTED.filter(({ name }) => name === "fal");
    await using settings = await openSettings(falProvider);
    const first = await settings.start();
    expect(await first.card("fal")).toMatchObject({
      label: "fal",
      state: "needs_key",
      keyNeeded: "required",
      key: null,
      home: { value: "https://queue.fal.run", from: "default" },
      enabled: true,
      limit: null,
      checkable: true,
      models: [],
    });
    const saved = await first.call("settings.providers.save", { name: "fal", key: FAL_TEST_KEY, home: fal.url.href });
    expect(saved.data).toMatchObject({
      state: "ready",
      key: { from: "settings", hint: "77c2" },
      home: { value: fal.url.origin, from: "settings" },
      checkable: false,
    });
    expect(await first.models()).toContain("fal/flux-schnell");
    const { data } = await first.create({}, "fal/flux-schnell");
    const id = data.assets[0]?.id ?? "";
    await ended(first, id);
    expect(await first.get(id)).toMatchObject({ status: "completed" });
    const everywhere = await everyByte(settings.folder);
    await first.stop();

    const second = await settings.start();
    expect(await second.card("fal")).toMatchObject({ state: "ready", key: { hint: "77c2" } });
    await second.stop();
    expect(fal.calls.filter(({ step }) => step === "submit")).toHaveLength(1);
    for (const text of [everywhere, settings.said.join("\n")]) {
      expect(text).toContain("fal");
      expect(text).not.toContain(FAL_TEST_KEY);
      expect(text).not.toContain(FAL_TEST_KEY.split(":")[1]);
    }
  });

  it("whose key is refused by the environment, or has no address, says which field and which variable", async () => {
    await using settings = await openSettings(HOSTED.filter(({ name }) => name === "comfyui"));
    const studio = await settings.start({ ACME_KEY: KEY });
    const refused = async (input: Record<string, unknown>) => {
      const { status, error } = await studio.save(input);
      return [status, error?.data.field, error?.message];
    };
    expect(await refused({ key: "another-key-of-mine" })).toEqual([400, "key", expect.stringContaining("ACME_KEY")]);
    expect(await refused({ home: OTHER_HOME })).toEqual([400, "home", expect.stringContaining("ACME_URL")]);
    expect(await refused({ name: "nobody" })).toEqual([400, "name", expect.stringContaining("nobody")]);
    expect(await refused({ name: "other", home: "http://other.example/v1" })).toEqual([
      400,
      "home",
      expect.stringContaining("must begin with https"),
    ]);
    expect(await refused({ name: "comfyui", key: "t-1" })).toEqual([400, "home", expect.stringContaining("is needed")]);
    expect(await studio.card("comfyui")).toMatchObject({ state: "needs_home", keyNeeded: "optional", home: null });
    expect((await studio.save({ key: null, home: null, limit: 2 })).data).toMatchObject({
      state: "ready",
      key: { from: "environment", hint: "cdef" },
      limit: 2,
    });
    await studio.stop();
    const again = await settings.start({ ACME_URL: OTHER_HOME });
    expect(await again.card()).toMatchObject({ state: "needs_key", home: { value: OTHER_HOME, from: "environment" } });
    expect((await again.save({ home: "https://third.example" })).error?.data.field).toBe("home");
    expect((await again.save({ key: KEY })).data).toMatchObject({ state: "ready" });
    await again.stop();
    expect(settings.opened).toEqual([`${KEY} at https://acme.example/v1`, `${KEY} at ${OTHER_HOME}`]);
  });

  it("is called at its address without the sign of a query or a place that nothing follows: it was kept, and calls went to what came before it", async () => {
    const homes: string[] = [];
    const own: HostedProvider = {
      name: "own",
      keyVariable: null,
      homeVariable: "OWN_URL",
      defaultHome: null,
      checkKey: async () => {},
      create: ({ outbound }) => {
        homes.push(outbound.home);
        throw new Error("It is only looked where it lives.");
      },
    };
    await using settings = await openSettings([own]);
    const studio = await settings.start();
    const saved = await studio.save({ name: "own", home: `${OTHER_HOME}?` });
    expect(saved.data.home).toEqual({ value: OTHER_HOME, from: "settings" });
    for (const sign of ["?", "#", "/?#"])
      await studio.call("settings.providers.check", { name: "own", home: `${OTHER_HOME}${sign}` });
    await studio.stop();
    expect(homes).toEqual([OTHER_HOME, OTHER_HOME, OTHER_HOME, OTHER_HOME]);
  });

  it("keeps its key for the address it was entered for: no change of that, by page or environment, sends it elsewhere", async () => {
    await using settings = await openSettings();
    const studio = await settings.start();
    await studio.save({ key: KEY });
    const moved = await studio.save({ home: OTHER_HOME, limit: 3 });
    expect([moved.status, moved.error?.data.field]).toEqual([400, "key"]);
    // All or nothing.
    expect(await studio.card()).toMatchObject({ state: "ready", limit: null, home: { from: "default" } });
    const tried = await studio.call("settings.providers.check", { name: "acme", home: OTHER_HOME });
    expect([tried.status, tried.error?.data.field]).toEqual([400, "key"]);
    await studio.stop();

    const elsewhere = await settings.start({ ACME_URL: OTHER_HOME });
    expect(await elsewhere.card()).toMatchObject({ state: "needs_key", key: null });
    await elsewhere.stop();
    // By hand, with the address that it is for changed along: it is sealed with that.
    change(settings.folder, `UPDATE provider_setting SET home = '${OTHER_HOME}', key_home = '${OTHER_HOME}'`);
    const forged = await settings.start();
    expect(await forged.card()).toMatchObject({ state: "key_unreadable", home: { value: OTHER_HOME } });
    expect((await forged.save({ home: OTHER_HOME, key: "a-new-key-for-there" })).data).toMatchObject({
      state: "ready",
    });
    await forged.stop();
    expect(settings.opened).toEqual([`${KEY} at https://acme.example/v1`, `a-new-key-for-there at ${OTHER_HOME}`]);
  });

  it("is not opened with a key that was copied from another's row", async () => {
    await using settings = await openSettings();
    const studio = await settings.start();
    await studio.save({ key: KEY });
    await studio.save({ name: "other", key: "the-other-ones-key", home: "https://acme.example/v1" });
    await studio.stop();
    change(
      settings.folder,
      `UPDATE provider_setting SET sealed_key = (SELECT sealed_key FROM provider_setting WHERE name = 'other') WHERE name = 'acme'`,
    );
    const again = await settings.start();
    expect(await again.card()).toMatchObject({ state: "key_unreadable" });
    expect(await again.card("other")).toMatchObject({ state: "ready" });
    await again.stop();
    const keys = [KEY, "the-other-ones-key", "the-other-ones-key"];
    expect(settings.opened).toEqual(keys.map((key) => `${key} at https://acme.example/v1`));
  });

  it("[P6] whose key cannot be read keeps what waits for it, says so, and everything else works; with the right secret it goes on", async () => {
    await using settings = await openSettings();
    const secret = { REELSTATE_SECRET: "known to all processes" };
    const studio = await settings.start(secret);
    await studio.save({ key: KEY, limit: 1 });
    const running = await made(studio, { runMs: 1_000 });
    await atProvider(studio, running);
    const waiting = await made(studio);
    // Its key is taken back while something of it is alive: nobody has it any more.
    await studio.save({ name: "other", key: KEY });
    const given = await made(studio, { hang: true }, "other/image");
    await atProvider(studio, given);
    expect((await studio.save({ name: "other", key: null })).data).toMatchObject({ state: "needs_key" });
    await studio.stop();

    const wrong = await settings.start({ REELSTATE_SECRET: "known to nobody else", REELSTATE_SIMULATOR: "1" });
    expect(await wrong.card()).toMatchObject({
      state: "key_unreadable",
      key: { from: "settings", hint: "" },
      models: [],
    });
    await ended(wrong, await made(wrong, {}, "sim/image"));
    await ended(wrong, given);
    expect(await wrong.get(given)).toMatchObject({ errorCode: "provider_unavailable", lastJob: { recoverable: true } });
    // By the same sweep, or one before it.
    for (const id of [running, waiting]) expect(await wrong.get(id)).toMatchObject({ status: "pending" });
    expect((await wrong.create()).status).toBe(400);
    await wrong.stop();

    settings.pass(1_000);
    const right = await settings.start(secret);
    expect(await right.card()).toMatchObject({ state: "ready", key: { hint: "cdef" } });
    for (const id of [running, waiting]) {
      await ended(right, id);
      expect(await right.get(id)).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
    }
    await right.stop();
    expect(settings.said.join("")).toContain("REELSTATE_SECRET");
  });

  it("[P1] [P6] is turned off for what is new, and goes on with what is under way or stands in line", async () => {
    await using settings = await openSettings();
    const studio = await settings.start();
    await studio.save({ key: KEY, limit: 1 });
    const failed = await made(studio, { fail: { code: "content_policy_input", at: "submit" } });
    await ended(studio, failed);
    const running = await made(studio, { runMs: 1_000 });
    await atProvider(studio, running);
    const waiting = await made(studio);
    expect((await studio.save({ enabled: false })).data).toMatchObject({ state: "off", enabled: false });

    expect(await studio.models()).not.toContain("acme/image");
    const create = await studio.create();
    expect([create.status, create.error?.data.field]).toEqual([400, "model"]);
    const input = { type: "image", prompt: "fog", model: "acme/image" };
    expect((await studio.query("assets.quote", input)).status).toBe(400);
    for (const again of ["retry", "regenerate"])
      expect((await studio.call(`assets.${again}`, { id: failed })).error?.message).toContain("no longer offered here");
    settings.pass(1_000);
    for (const id of [running, waiting]) {
      await ended(studio, id);
      expect(await studio.get(id)).toMatchObject({
        status: "completed",
        lastJob: { charged: 6 },
        currentVersion: { modelGone: true },
      });
    }
    expect((await studio.save({ enabled: true })).data).toMatchObject({ state: "ready" });
    expect(await studio.models()).toContain("acme/image");
    await studio.stop();
  });

  it("[P7] is asked no more at once than was said, from the next claim on; a model that is off is not offered", async () => {
    await using settings = await openSettings(HOSTED.filter(({ name }) => name === "google"));
    const studio = await settings.start();
    const slots = () => {
      const db = new Sqlite(join(settings.folder, "reelstate.sqlite"), { readonly: true });
      const found = db.prepare("SELECT count(*) FROM slot WHERE pool = 'provider/acme' AND number > 0").pluck().get();
      db.close();
      return found;
    };
    await studio.save({ key: KEY, models: { order: ["acme/video"], off: [] } });
    expect((await studio.models()).filter((id) => id.startsWith("acme/"))).toEqual(["acme/video", "acme/image"]);
    expect(slots()).toBe(0);
    await studio.save({ limit: 3 });
    expect(slots()).toBe(3);
    await studio.save({ limit: null, models: { order: [], off: ["acme/image"] } });
    expect(slots()).toBe(0);
    expect((await studio.models()).filter((id) => id.startsWith("acme/"))).toEqual(["acme/video"]);
    expect((await studio.create()).error?.data.field).toBe("model");
    expect((await studio.card())?.models).toMatchObject([
      { id: "acme/image", off: true, from: 6, type: "image" },
      { id: "acme/video", off: false },
    ]);

    await studio.save({ name: "google", key: "a-key-for-google" });
    const ordered = await studio.call<{ providers: readonly { name: string }[] }>("settings.providers.order", {
      names: ["google"],
    });
    expect(ordered.data.providers.map(({ name }) => name)).toEqual(["google", "acme", "other"]);
    const models = await studio.models();
    expect(models.findIndex((id) => id.startsWith("google/"))).toBeLessThan(models.indexOf("acme/video"));
    for (const names of [["google", "google"], ["nobody"]])
      expect((await studio.call("settings.providers.order", { names })).error?.data.field).toBe("names");
    await studio.stop();
  });

  it("is followed by every process on one database within moments, and its key is readable to all that share a secret", async () => {
    await using database = await openTestDatabase({ empty: true });
    await using settings = await openSettings([], { DATABASE_URL: database.url });
    const secret = { REELSTATE_SECRET: "known to all processes" };
    const front = await settings.start({ ...secret, ROLE: "api" });
    const worker = await settings.start({ ...secret, ROLE: "worker" });
    const other = await settings.start({ ROLE: "api", REELSTATE_SECRET: "known to this one alone" });
    await front.save({ key: KEY });
    const id = await made(front);
    await ended(front, id);
    expect(await front.get(id)).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
    expect(await other.card()).toMatchObject({ state: "key_unreadable" });
    await front.save({ enabled: false });
    expect(await other.card()).toMatchObject({ state: "off" });
    await Promise.all([front, worker, other].map((one) => one.stop()));
  });

  it("begins with a new key at once; what began with the old one goes on with that", async () => {
    await using settings = await openSettings();
    const studio = await settings.start();
    await studio.save({ key: KEY });
    const running = await made(studio, { runMs: 1_000 });
    await atProvider(studio, running);
    await studio.save({ key: "the-next-key-0123456" });
    settings.pass(1_000);
    await ended(studio, running);
    expect(await studio.get(running)).toMatchObject({ status: "completed" });
    // The same again, and what has nothing to do with it, opens nothing anew.
    await studio.save({ key: "the-next-key-0123456", limit: 2 });
    expect(settings.opened).toEqual([KEY, "the-next-key-0123456"].map((key) => `${key} at https://acme.example/v1`));
    expect((await studio.save({ key: null })).data).toMatchObject({ state: "needs_key", key: null });
    expect(await studio.models()).not.toContain("acme/image");
    await studio.stop();
  });
});
