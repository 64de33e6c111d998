import type { Session } from "../Session.ts";

const BOOTS_KEPT = 200;

/** Each opening names the feed anew and notes where every workspace stood: see `readFeed`. */
export function nameFeed(session: Session): void {
  const { db, feedId } = session;
  const number = 1 + Number(db.prepare("SELECT COALESCE(max(number), 0) FROM feed_boot").pluck().get());
  db.prepare("INSERT INTO feed_boot (id, number, at) VALUES (?, ?, ?)").run(feedId, number, session.now());
  db.prepare("INSERT INTO feed_boot_seq (boot_number, workspace_id, seq) SELECT ?, id, seq FROM workspace").run(number);
  db.prepare("DELETE FROM feed_boot WHERE number <= ?").run(number - BOOTS_KEPT);
  db.prepare("DELETE FROM feed_boot_seq WHERE boot_number <= ?").run(number - BOOTS_KEPT);
}
