import type { VersionId } from "@reelstate/lifecycle";
import type { MediaFiles } from "../../store/keeping.ts";
import type { Session } from "../Session.ts";

/** Media that its row says is whole; what it says otherwise is the rows' own finding (A5). */
export function listMedia(
  session: Session,
  { after, limit }: { readonly after: VersionId | null; readonly limit: number },
): readonly MediaFiles[] {
  return session.sql.listMedia.all({ after: after ?? "", limit }) as MediaFiles[];
}
