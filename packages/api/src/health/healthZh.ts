import type { HealthWords } from "./HealthWords.ts";

const REPAIR = "修复即可更正。";

export const HEALTH_ZH: HealthWords = {
  database_damaged: {
    wrong: "数据库文件已损坏。",
    means: "部分内容可能无法读取。磁盘故障，或在运行时直接复制文件，都会造成这种情况。",
    helps: "停止工作室，用备份恢复整个文件夹，再检查磁盘。",
  },
  schema_changed: {
    wrong: "数据库的一部分缺失或被改动：保护、索引或数据表。",
    means: "缺少保护，数据库不再拒绝绝不允许发生的写入；缺少索引，它可能无法回答查询。",
    helps: "修复会重新建立保护和索引。如果被改动的是数据表，需要用备份恢复。",
  },
  events_not_dense: {
    wrong: "工作区的事件记录有缺口。",
    means: "打开着的页面可能漏掉了变化。",
    helps: "修复会重新开始记录，所有打开的页面会重新加载。",
  },
  two_live_jobs: {
    wrong: "有两个任务在制作同一项内容。",
    means: "可能会付两次钱。",
    helps: "修复会取消没有显示的那一个；如果供应商可能已在处理，则不会取消。",
  },
  job_stuck: {
    wrong: "任务被一个已经消失的进程占着。",
    means: "看起来会一直在制作。",
    helps: "修复会让它重新排队。",
  },
  two_submissions: {
    wrong: "同一任务有两个请求可能都还在供应商那里。",
    means: "两个都可能已经付费，这里无法知道哪一个会交付。",
    helps: "先查看供应商的记录，再取消这个任务并重试。",
  },
  submission_untold: {
    wrong: "任务不知道已经向供应商请求过什么。",
    means: "下一次尝试可能会重复请求已付费的内容。",
    helps: REPAIR,
  },
  submission_outlived: {
    wrong: "任务已经结束，但它的一个请求仍被记为在供应商那里进行。",
    means: "如果任务是被取消的，供应商可能仍在制作，也可能收费。",
    helps: "结果已经在这里的，修复会结束该请求；取消之后的，请查看供应商的记录。",
  },
  paid_unrecoverable: {
    wrong: "失败的任务已付费的内容可能还在供应商那里，而卡片没有提供找回。",
    means: "重试会再付一次钱。",
    helps: "修复后，卡片会提供“找回结果”。",
  },
  slot_without_work: {
    wrong: "供应商的一个名额留给了一个没有在进行的任务。",
    means: "其他任务会等得比需要的更久。",
    helps: REPAIR,
  },
  work_without_slot: {
    wrong: "一个任务正在供应商那里进行，却没有占用名额。",
    means: "同时发给供应商的请求可能超过它的上限，有些可能被拒绝。",
    helps: "任务结束后会自行恢复，无需处理。",
  },
  current_version_missing: {
    wrong: "应该显示的版本不存在。",
    means: "卡片无法显示画面。",
    helps: "修复会显示现有的最新版本。",
  },
  made_version_not_shown: {
    wrong: "新版本已经做好，卡片仍显示旧版本。",
    means: "已付费的内容看不到。",
    helps: "修复会显示最后做好的版本。",
  },
  waits_for_nothing: {
    wrong: "任务在等待没有人在制作的参考图。",
    means: "它会一直等下去。",
    helps: "修复会让它继续；如果参考图没有做成，则结束它。",
  },
  job_and_version_differ: {
    wrong: "任务与它制作的版本状态不一致。",
    means: "卡片可能把已结束的工作显示为进行中，或者相反。",
    helps: "在规则允许的情况下，修复会让卡片与任务一致。",
  },
  unknown_live_job: {
    wrong: "有一个任务在运行，而卡片不知道它。",
    means: "看不到进度，也无法取消。",
    helps: REPAIR,
  },
  asset_and_version_differ: {
    wrong: "卡片与它显示的版本状态不一致。",
    means: "卡片说的不是实际发生的。",
    helps: "在规则允许的情况下，修复会让卡片与版本一致。",
  },
  no_live_job: {
    wrong: "卡片显示正在制作，其实没有人在做。",
    means: "看起来会一直在制作。",
    helps: "修复会按最后一个任务的结果结束它，没有结果则记为失败。之后可以重试。",
  },
  failure_unexplained: {
    wrong: "失败没有说明原因。",
    means: "无法知道怎样才有帮助。",
    helps: "修复会从任务取回原因；没有记录时，会如实说明。",
  },
  media_not_whole: {
    wrong: "已完成的版本没有记录它的文件在哪里。",
    means: "无法显示。",
    helps: "用备份恢复数据库，或者重新制作。",
  },
  hold_state_wrong: {
    wrong: "任务结束时没有正确标记它的积分。",
    means: "卡片对是否扣费的说明可能有误。",
    helps: REPAIR,
  },
  ledger_lines_wrong: {
    wrong: "任务在账目里的条目缺少或多余。",
    means: "余额可能不是实际花费的结果。",
    helps: "修复会补上缺少的条目。多余的条目不会被删去，请联系管账的人。",
  },
  ledger_sum_wrong: {
    wrong: "余额与账目的合计不一致。",
    means: "积分看起来无缘无故地增加或减少了。",
    helps: "修复会按账目重新计算余额。",
  },
  held_sum_wrong: {
    wrong: "有积分被已不存在的工作占用。",
    means: "这些积分无法使用。",
    helps: "修复会释放不会再有人结束的占用。",
  },
  spending_wrong: {
    wrong: "预算的已用金额与账目不符。",
    means: "新的工作可能过早或过晚被拒绝。",
    helps: "修复会按账目重新计算。",
  },
  file_missing: {
    wrong: "一个文件不见了。",
    means: "做好的内容无法显示或下载。",
    helps: "从媒体文件夹的备份放回文件，或者重新制作。",
  },
  file_size_wrong: {
    wrong: "一个文件的大小不对。",
    means: "它被截断或覆盖，可能无法播放。",
    helps: "从媒体文件夹的备份放回文件，或者重新制作。",
  },
  file_changed: {
    wrong: "一个文件的内容与保存时不同。",
    means: "它在制作之后被改动或损坏了。",
    helps: "从媒体文件夹的备份放回文件，或者重新制作，再检查磁盘。",
  },
};
