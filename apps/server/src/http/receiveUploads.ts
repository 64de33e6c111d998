import { uploadQuery } from "@reelstate/api";
import { refusedFile } from "../commands/refusals.ts";
import { MAX_UPLOAD_BYTES } from "../media/receivePicture.ts";
import type { Caller, Outcome, Refusal } from "@reelstate/api";
import type { Asset, ProjectId } from "@reelstate/lifecycle";
import type { FastifyInstance } from "fastify";

export type TakeUpload = (
  caller: Caller,
  upload: { readonly bytes: Buffer; readonly name?: string | undefined; readonly projectId?: ProjectId | undefined },
) => Promise<Outcome<Asset>>;

const STATUS: Partial<Record<Refusal["why"], number>> = { not_found: 404, disk_full: 503, unavailable: 503 };

/** `POST /uploads?name=…&projectId=…` with the file's bytes as the body; answers `{asset}` or `{error: {why, field, flaw, message}}`. */
export async function receiveUploads(app: FastifyInstance, caller: Caller, take: TakeUpload): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: MAX_UPLOAD_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    scope.setErrorHandler(async (error, _request, reply) => {
      const tooLarge = error instanceof Error && "code" in error && error.code === "FST_ERR_CTP_BODY_TOO_LARGE";
      if (!tooLarge) throw error;
      const message = "The file is larger than 20 MB. Make it smaller, then drop it again.";
      return reply.code(413).send({ error: answered(refusedFile("too_large", message)) });
    });
    scope.post("/uploads", { bodyLimit: MAX_UPLOAD_BYTES }, async (request, reply) => {
      const query = uploadQuery.safeParse(request.query);
      if (!query.success) {
        const issue = query.error.issues[0];
        const field = String(issue?.path[0] ?? "query");
        return reply
          .code(400)
          .send({ error: { why: "invalid_input", field, message: `${field}: ${issue?.message ?? "cannot be read"}` } });
      }
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const outcome = await take(caller, { bytes, ...query.data });
      if (outcome.ok) return reply.send({ asset: outcome.value });
      return reply.code(STATUS[outcome.why] ?? 400).send({ error: answered(outcome) });
    });
  });
}

function answered({ why, field, flaw, message }: Refusal): Omit<Refusal, "ok"> {
  return { why, ...(field === undefined ? {} : { field }), ...(flaw === undefined ? {} : { flaw }), message };
}
