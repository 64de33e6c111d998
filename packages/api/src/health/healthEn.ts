import type { HealthWords } from "./HealthWords.ts";

const REPAIR = "Repair puts it right.";

export const HEALTH_EN: HealthWords = {
  database_damaged: {
    wrong: "The database's file is damaged.",
    means: "Some of what was kept may be unreadable. A failing disk or a copy made while the studio ran does this.",
    helps: "Stop the studio and put back a backup of its folder. Then check the disk.",
  },
  schema_changed: {
    wrong: "A part of the database is missing or was changed: a guard, an index or a table.",
    means:
      "Without a guard the database would no longer refuse what must never happen; without an index it may not answer.",
    helps: "Repair makes guards and indexes again. A table that was changed needs a backup.",
  },
  events_not_dense: {
    wrong: "News is missing from the workspace's log.",
    means: "An open page may have missed a change.",
    helps: "Repair begins the log anew, and every open page loads afresh.",
  },
  two_live_jobs: {
    wrong: "Two jobs are making the same thing.",
    means: "It could be paid for twice.",
    helps: "Repair cancels the one nobody shows, unless a provider may be working on it.",
  },
  job_stuck: {
    wrong: "A job is held by a worker that is gone.",
    means: "It would look as if it were being made for ever.",
    helps: "Repair gives it back to the line.",
  },
  two_submissions: {
    wrong: "Two requests of one job may both be alive at the provider.",
    means: "Both may have been paid for; which one will deliver is not known here.",
    helps: "Look at the provider's own list, then cancel this job and try again.",
  },
  submission_untold: {
    wrong: "A job does not know what was asked of its provider.",
    means: "The next try might ask again for what was already paid for.",
    helps: REPAIR,
  },
  submission_outlived: {
    wrong: "A job has ended, and a request of it is noted as still alive at the provider.",
    means: "If the job was cancelled, the provider may still be making it, and may charge for it.",
    helps: "Repair ends it where the result is here. After a cancel, look at the provider's own list.",
  },
  paid_unrecoverable: {
    wrong: "What a failed job paid for may still be at its provider, and the card does not offer to fetch it.",
    means: "Trying again would pay a second time.",
    helps: "Repair makes the card offer Recover.",
  },
  slot_without_work: {
    wrong: "A place at a provider is kept for a job that has nothing under way there.",
    means: "Other jobs wait longer than they need to.",
    helps: REPAIR,
  },
  work_without_slot: {
    wrong: "A job is under way at a provider without one of its places.",
    means: "More may be asked of the provider at once than it takes; it may refuse some of it.",
    helps: "It ends with the job. Nothing needs to be done.",
  },
  current_version_missing: {
    wrong: "The version that should be shown is not there.",
    means: "The card cannot show a picture.",
    helps: "Repair shows the newest version that is there.",
  },
  made_version_not_shown: {
    wrong: "A newer version was made, and the card still shows the older one.",
    means: "What was paid for is not seen.",
    helps: "Repair shows the version that was made last.",
  },
  waits_for_nothing: {
    wrong: "A job waits for references that nobody is making.",
    means: "It would wait for ever.",
    helps: "Repair lets it go on, or ends it where a reference was not made.",
  },
  job_and_version_differ: {
    wrong: "A job and what it makes say different things.",
    means: "The card may show work that has ended, or the other way round.",
    helps: "Repair lets the card follow the job, where the rules allow that step.",
  },
  unknown_live_job: {
    wrong: "A job is running that its card does not know.",
    means: "Its progress is not shown, and it cannot be cancelled.",
    helps: REPAIR,
  },
  asset_and_version_differ: {
    wrong: "A card and the version it shows say different things.",
    means: "What the card says is not what happened.",
    helps: "Repair lets the card follow its version, where the rules allow that step.",
  },
  no_live_job: {
    wrong: "A card says it is being made, and nobody is making it.",
    means: "It would look as if it were being made for ever.",
    helps: "Repair ends it as its last job ended, or as failed. Then try again.",
  },
  failure_unexplained: {
    wrong: "A failure does not say why.",
    means: "Nobody can tell what would help.",
    helps: "Repair takes the reason from its job, or says that it was not written down.",
  },
  media_not_whole: {
    wrong: "A finished version does not say where its files are.",
    means: "It cannot be shown.",
    helps: "Put back a backup of the database, or make it again.",
  },
  hold_state_wrong: {
    wrong: "A job's credits were not marked as it ended.",
    means: "The card may say wrongly whether it was charged.",
    helps: REPAIR,
  },
  ledger_lines_wrong: {
    wrong: "A job's lines in the ledger are missing or too many.",
    means: "The balance may not be what was really spent.",
    helps:
      "Repair writes lines that are missing. Lines that are too many are never struck out: ask whoever keeps the books.",
  },
  ledger_sum_wrong: {
    wrong: "The balance is not what the ledger sums to.",
    means: "Credits seem to have come or gone without a reason.",
    helps: "Repair counts the balance from the ledger again.",
  },
  held_sum_wrong: {
    wrong: "Credits are held for work that is not there.",
    means: "They cannot be spent.",
    helps: "Repair releases what nobody will end any more.",
  },
  spending_wrong: {
    wrong: "What was spent of a budget does not match the ledger.",
    means: "New work may be refused too early or too late.",
    helps: "Repair counts it from the ledger again.",
  },
  file_missing: {
    wrong: "A file is gone.",
    means: "What was made cannot be shown or downloaded.",
    helps: "Put the file back from a backup of the media folder, or make it again.",
  },
  file_size_wrong: {
    wrong: "A file does not have its size.",
    means: "It was cut short or written over, and may not play.",
    helps: "Put the file back from a backup of the media folder, or make it again.",
  },
  file_changed: {
    wrong: "A file's bytes are not those that were kept.",
    means: "It was changed or damaged since it was made.",
    helps: "Put the file back from a backup of the media folder, or make it again. Then check the disk.",
  },
};
