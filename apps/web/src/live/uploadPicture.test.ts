// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { refusalOf } from "./refusalOf.ts";
import { UploadRequest } from "../testing/UploadRequest.ts";
import { studioBroke } from "./studioBroke.ts";
import { uploadPicture } from "./uploadPicture.ts";
import type { ProjectId } from "@reelstate/lifecycle";

const photo = () => new File(["bytes"], "海边 & more.jpg", { type: "image/jpeg" });

describe("uploadPicture", () => {
  it("cuts a name that is longer than an asset's may be between letters, and leaves out one that is empty", () => {
    void uploadPicture(new File(["bytes"], `${"海".repeat(119)}👩‍🚀.jpg`)).catch(() => {});
    expect(decodeURIComponent(UploadRequest.last.asked)).toBe(`POST /uploads?name=${"海".repeat(119)}`);
    void uploadPicture(new File(["bytes"], "\u0007 ")).catch(() => {});
    expect(UploadRequest.last.asked).toBe("POST /uploads?");
  });

  beforeEach(() => {
    vi.stubGlobal("XMLHttpRequest", UploadRequest);
  });

  it("sends the bytes as the body under a name of any letters, and tells how far it is", async () => {
    const onProgress = vi.fn<(fraction: number) => void>();
    const file = photo();
    const uploaded = uploadPicture(file, { projectId: "p 1" as ProjectId, onProgress });
    UploadRequest.last.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 });
    UploadRequest.last.answer(200, JSON.stringify({ asset: { id: "a" } }));
    expect(await uploaded).toEqual({ id: "a" });
    expect(UploadRequest.last.asked).toBe("POST /uploads?name=%E6%B5%B7%E8%BE%B9%20%26%20more.jpg&projectId=p%201");
    expect(UploadRequest.last.headers.get("content-type")).toBe("image/jpeg");
    expect(UploadRequest.last.body).toBe(file);
    expect(onProgress.mock.calls).toEqual([[0.25]]);
  });

  it("throws the studio's reason with its field", async () => {
    const uploaded = uploadPicture(photo());
    const error = { why: "invalid_input", field: "file", flaw: "not_a_picture", message: "It is not a picture." };
    UploadRequest.last.answer(400, JSON.stringify({ error }));
    const refusal = await uploaded.then(() => null, refusalOf);
    expect(refusal).toMatchObject({ ...error, asset: null });
  });

  it("throws an ordinary error where a proxy answered, or nobody did", async () => {
    const refused = uploadPicture(photo());
    UploadRequest.last.answer(413, "<html>too large</html>");
    await expect(refused).rejects.toThrow("413");
    const lost = uploadPicture(photo());
    UploadRequest.last.onerror?.();
    await expect(lost).rejects.toSatisfy((error) => refusalOf(error) === null && !studioBroke(error));
    const broke = uploadPicture(photo());
    UploadRequest.last.answer(502, "<html>bad gateway</html>");
    await expect(broke).rejects.toSatisfy(studioBroke);
    const away = uploadPicture(photo());
    UploadRequest.last.answer(503, JSON.stringify({ error: { message: "The database does not answer." } }));
    await expect(away).rejects.not.toSatisfy(studioBroke);
  });

  it("stops when asked to", async () => {
    const stop = new AbortController();
    const uploaded = uploadPicture(photo(), { signal: stop.signal });
    stop.abort();
    await expect(uploaded).rejects.toMatchObject({ name: "AbortError" });
    await expect(uploadPicture(photo(), { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
  });
});
