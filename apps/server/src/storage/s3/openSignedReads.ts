import { GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { asS3Error } from "./asS3Error.ts";
import { createS3Client } from "./createS3Client.ts";
import type { DirectReads } from "../Storage.ts";
import type { S3Settings } from "./S3Settings.ts";

/** Everybody gets the same address for so long, so that a browser that has a file knows it again. */
const SAME_FOR_MS = 15 * 60_000;
/** Counted from the beginning of that time: one that is given out at its end is good for half as long. */
const GOOD_FOR_S = 30 * 60;
const KEPT_BY_BROWSERS = "private, max-age=31536000, immutable";

/** Addresses at which a browser reads the bucket itself. */
export async function openSignedReads(settings: S3Settings): Promise<DirectReads & { readonly close: () => void }> {
  const { bucket, prefix, endpoint, publicEndpoint } = settings;
  const client = createS3Client({ ...settings, endpoint: publicEndpoint ?? endpoint });

  const addressOf: DirectReads["addressOf"] = async (key, { mime, disposition }) => {
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: `${prefix}${key}`,
      ResponseContentType: mime,
      ResponseContentDisposition: disposition,
      ResponseCacheControl: KEPT_BY_BROWSERS,
    });
    const signingDate = new Date(Math.floor(Date.now() / SAME_FOR_MS) * SAME_FOR_MS);
    try {
      return await getSignedUrl(client, command, { expiresIn: GOOD_FOR_S, signingDate });
    } catch (error) {
      throw asS3Error(error);
    }
  };

  const { origin } = new URL(await addressOf("x", { mime: "image/png", disposition: "inline" }));
  return { origin, addressOf, close: () => client.destroy() };
}
