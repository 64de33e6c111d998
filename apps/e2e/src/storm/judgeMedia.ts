import { createHash } from "node:crypto";
import type { Media } from "@reelstate/lifecycle";
import type { Finding } from "./Finding.ts";
import type { Evidence } from "./readEvidence.ts";

/** A5: whatever a card shows can be read, and is what its row says, to the byte. */
export async function judgeMedia(url: string, { histories }: Evidence): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const read = new Set<string>();
  for (const { versions } of histories.values()) {
    for (const { id, status, media } of versions) {
      if (status !== "completed") continue;
      const flaw = media === null ? "it has none" : await flawOf(url, media, read);
      if (flaw !== null) findings.push({ rule: "A5", subject: id, explanation: `Its media is not whole: ${flaw}.` });
    }
  }
  return findings;
}

async function flawOf(url: string, media: Media, read: Set<string>): Promise<string | null> {
  for (const path of [media.url, media.posterUrl, media.thumbUrl]) {
    if (read.has(path)) continue;
    const answer = await fetch(new URL(path, url));
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) return `${path} answers ${answer.status}`;
    // Names are content hashes, for previews too.
    const name = /([0-9a-f]{64})\.[a-z0-9]+$/.exec(path)?.[1];
    if (createHash("sha256").update(bytes).digest("hex") !== name) return `${path} holds something else`;
    if (path === media.url && (name !== media.sha256 || bytes.length !== media.bytes)) return `${path} is another file`;
    read.add(path);
  }
  return null;
}
