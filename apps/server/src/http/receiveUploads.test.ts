import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { StoreUnavailable } from "@reelstate/db";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { StorageError } from "../storage/StorageError.ts";
import { openTestHttp } from "../testing/openTestHttp.ts";
import { WORKSPACE } from "../testing/openTestStudio.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { IncomingMessage } from "node:http";

const photo = (name: string): Promise<Buffer> => readFile(new URL(`../testing/media/${name}`, import.meta.url));

interface Answer {
  readonly asset: Asset;
}
interface Refused {
  readonly error: { readonly why: string; readonly field: string; readonly flaw?: string; readonly message: string };
}

/** Uploads a file that must be taken; gives its asset and what is then served of it: whole, poster and thumbnail. */
async function take(http: Awaited<ReturnType<typeof openTestHttp>>, bytes: Buffer, query = "") {
  const answer = await http.upload(bytes, query);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('"asset"')]);
  const { asset } = answer.json<Answer>();
  const media = asset.currentVersion.media;
  if (media === null) throw new Error("An upload has media.");
  const served = await Promise.all([media.url, media.posterUrl, media.thumbUrl].map((url) => http.ask(url)));
  return { asset, media, served: served.map(({ rawPayload }) => rawPayload) };
}

async function expectNothingTold(bytes: Buffer): Promise<void> {
  const { exif, xmp, iptc, icc, orientation, comments } = await sharp(bytes).metadata();
  expect({ exif, xmp, iptc, icc, orientation, comments }).toEqual({});
  for (const mark of ["Exif", "GPS", "http://ns.adobe.com/xap"]) expect(bytes.includes(mark)).toBe(false);
}

describe("a person's own picture", () => {
  it("[A1] that comes while the database is away was told as a bug: a 503 and a warning", async () => {
    const away = new StoreUnavailable("unreachable", { cause: null });
    await using http = await openTestHttp({
      wrapStore: (store) => ({ ...store, listProjects: () => Promise.reject(away) }),
    });
    const answer = await http.upload(await photo("photo-landscape-6.jpg"));
    expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining("does not answer")]);
    expect(http.studio.lines.map(({ level }) => level)).toEqual([40]);
  });

  it.each([
    ["photo-landscape-6.jpg", 1800, 1200],
    ["photo-portrait-8.jpg", 1200, 1800],
  ])("is turned upright by its EXIF: %s", async (name, width, height) => {
    await using http = await openTestHttp();
    const original = await photo(name);
    const { asset, media, served } = await take(http, original);
    expect(asset).toMatchObject({
      type: "image",
      status: "completed",
      origin: "uploaded",
      liveJob: null,
      lastJob: null,
    });
    expect(media).toMatchObject({ mime: "image/jpeg", width, height, durationMs: null, bytes: served[0]?.length });
    for (const bytes of served) await expectNothingTold(bytes);
    const [whole = Buffer.alloc(0), poster = Buffer.alloc(0)] = served;
    expect(await sharp(whole).metadata()).toMatchObject({ format: "jpeg", width, height });
    expect(await sharp(poster).metadata()).toMatchObject({
      format: "webp",
      width: Math.min(width, width > height ? 1600 : 1067),
    });
    // Turned, not only relabelled: the pixels are those of the original turned by a program that we did not write.
    expect(await difference(whole, await sharp(original).rotate().toBuffer())).toBeLessThan(3);
  });

  it("is served without the place, camera and time it carried", async () => {
    await using http = await openTestHttp();
    const original = await photo("photo-with-gps.jpg");
    const carried = (await sharp(original).metadata()).exif;
    expect(carried?.length).toBeGreaterThan(1_000);
    const { served } = await take(http, original);
    for (const bytes of served) await expectNothingTold(bytes);
    expect(http.studio.rows("SELECT count(*) AS files FROM version WHERE media_key IS NOT NULL")).toEqual([
      { files: 1 },
    ]);
    const kept = [];
    for await (const { key } of http.studio.storage.list()) kept.push(key);
    expect(kept).toHaveLength(3);
  });

  it("is taken with damaged metadata: the picture is good", async () => {
    await using http = await openTestHttp();
    const { served } = await take(http, await photo("photo-broken-exif.jpg"));
    for (const bytes of served) await expectNothingTold(bytes);
  });

  it("keeps its transparency, whether PNG or WebP", async () => {
    await using http = await openTestHttp();
    const clear = sharp({
      create: { width: 40, height: 30, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    });
    for (const [bytes, mime] of [
      [await clear.clone().png().toBuffer(), "image/png"],
      [await clear.clone().webp().toBuffer(), "image/webp"],
    ] as const) {
      const { media, served } = await take(http, bytes);
      expect(media).toMatchObject({ mime, width: 40, height: 30 });
      expect(await sharp(served[0]).metadata()).toMatchObject({ hasAlpha: true });
    }
  });

  it("keeps the name it is given, in any script, and has one when it is given none", async () => {
    await using http = await openTestHttp();
    const bytes = await photo("photo-broken-exif.jpg");
    const name = "黄昏的灯塔 🌅👩‍👩‍👧 naïve.jpg";
    expect((await take(http, bytes, `?name=${encodeURIComponent(name)}`)).asset.name).toBe(name);
    expect((await take(http, bytes)).asset.name).toBe("Picture");
    const page = await http.studio.api.assets.list({ search: "灯塔" });
    expect(page.items.map((item) => item.name)).toEqual([name]);
  });

  it("[A7] can be a reference right away", async () => {
    await using http = await openTestHttp();
    http.studio.startWorker();
    const { asset } = await take(http, await photo("photo-broken-exif.jpg"));
    const made = await http.studio.ended((await http.studio.create({}, { inputs: [asset.id] })).id);
    expect(made).toMatchObject({ status: "completed", currentVersion: { inputs: [{ assetId: asset.id }] } });
  });

  it("[C1] costs nothing, and holds nothing", async () => {
    await using http = await openTestHttp();
    await take(http, await photo("photo-broken-exif.jpg"));
    expect(await http.studio.store.creditSummary({ workspaceId: WORKSPACE })).toEqual({ balance: 1_000, held: 0 });
  });
});

describe("what is not taken", () => {
  const png = (width: number, height: number): Promise<Buffer> =>
    sharp({ create: { width, height, channels: 3, background: "#246" } })
      .png({ compressionLevel: 9 })
      .toBuffer();

  it.each([
    ["a HEIC", async () => photo("photo-iphone-beginning.heic"), "heif", /^HEIC .* Export it as JPEG or PNG/],
    [
      "a text file that is called a picture",
      async () => Buffer.from("Dear diary"),
      "not_a_picture",
      /^This is not a picture/,
    ],
    [
      "a page that is called a picture",
      async () => Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
      "not_a_picture",
      /^This is not a picture/,
    ],
    ["nothing", async () => Buffer.alloc(0), "empty", /^The file is empty/],
    [
      "half a photograph",
      async () => (await photo("photo-with-gps.jpg")).subarray(0, 80_000),
      "damaged",
      /^The picture is damaged/,
    ],
    [
      "the first bytes of a photograph and then noise",
      async () => Buffer.concat([(await photo("photo-with-gps.jpg")).subarray(0, 20), Buffer.alloc(9_000, 7)]),
      "damaged",
      /^The picture is damaged/,
    ],
    [
      "more than 50 megapixels",
      async () => png(10_000, 5_001),
      "too_many_pixels",
      /^The picture has 50 megapixels; at most 50 are allowed/,
    ],
  ] as const)("%s, with words about what to do", async (_what, bytes, flaw, words) => {
    await using http = await openTestHttp();
    const answer = await http.upload(await bytes(), "?name=holiday.jpg");
    expect(answer.statusCode).toBe(400);
    expect(answer.json<Refused>().error).toEqual({
      why: "invalid_input",
      field: "file",
      flaw,
      message: expect.stringMatching(words),
    });
    expect(http.studio.rows("SELECT id FROM asset")).toEqual([]);
    const kept = [];
    for await (const { key } of http.studio.storage.list()) kept.push(key);
    expect(kept).toEqual([]);
  });

  it("a file of more than 20 MB, whether or not its size was announced", async () => {
    await using http = await openTestHttp();
    const url = new URL("/uploads", await http.app.listen({ port: 0, host: "127.0.0.1" }));
    const tooMuch = Buffer.alloc(20 * 1024 * 1024 + 1);
    for (const announced of [true, false]) {
      const { status, said } = await post(url, tooMuch, announced);
      expect(status).toBe(413);
      expect((JSON.parse(said) as Refused).error).toEqual({
        why: "invalid_input",
        field: "file",
        flaw: "too_large",
        message: "The file is larger than 20 MB. Make it smaller, then drop it again.",
      });
    }
  });

  it.each([
    ["full", "disk_full", /^The studio's disk is full/],
    ["broken", "not_kept", /^The studio could not keep the file/],
  ] as const)("a good picture when the studio's storage is %s", async (reason, flaw, words) => {
    await using http = await openTestHttp({
      wrapStorage: (storage) => ({ ...storage, put: () => Promise.reject(new StorageError(reason, "away")) }),
    });
    const answer = await http.upload(await photo("photo-broken-exif.jpg"));
    expect(answer.statusCode).toBe(400);
    expect(answer.json<Refused>().error).toMatchObject({ field: "file", flaw, message: expect.stringMatching(words) });
    expect(http.studio.rows("SELECT id FROM asset")).toEqual([]);
  });

  it.each([
    ["projectId", "?projectId=nowhere", /^projectId: there is no such project/],
    ["projectId", "?projectId=a%20b", /^projectId: must be an id/],
    ["name", `?name=${"x".repeat(121)}`, /^name: is too long: at most 120 characters/],
    ["name", "?name=%20", /^name: is empty/],
  ])("a wrong %s: %s", async (field, query, words) => {
    await using http = await openTestHttp();
    const answer = await http.upload(await photo("photo-broken-exif.jpg"), query);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<Refused>().error).toMatchObject({
      why: "invalid_input",
      field,
      message: expect.stringMatching(words),
    });
  });
});

async function difference(a: Buffer, b: Buffer): Promise<number> {
  const [one, other] = await Promise.all(
    [a, b].map((bytes) => sharp(bytes).resize(64, 64, { fit: "fill" }).raw().toBuffer()),
  );
  if (one === undefined || other === undefined || one.length !== other.length) return Infinity;
  return one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0) / one.length;
}

/** Posts as a slow client does: it goes on sending while it reads the answer. */
async function post(
  url: URL,
  bytes: Buffer,
  announced: boolean,
): Promise<{ readonly status: number; readonly said: string }> {
  const headers = { "content-type": "image/png", ...(announced ? { "content-length": bytes.length } : {}) };
  const asking = request(url, { method: "POST", headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) =>
    asking.on("response", resolve).on("error", reject),
  );
  asking.end(bytes);
  const answer = await answered;
  return { status: answer.statusCode ?? 0, said: await text(answer) };
}
