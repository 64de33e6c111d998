import { HEALTH_EN, HEALTH_ZH } from "@reelstate/api/health";
import type { HealthState, HealthWords } from "@reelstate/api/health";
import type { Language } from "@reelstate/lifecycle";

/** What the page of the health check says; loaded with it. */
export interface HealthPageWords {
  readonly title: string;
  readonly never: string;
  readonly neverHint: string;
  readonly well: string;
  readonly wellHint: string;
  readonly found: (count: string) => string;
  readonly shown: (count: string) => string;
  readonly checked: (when: string, deep: boolean) => string;
  readonly unused: (files: string, size: string) => string;
  readonly check: string;
  readonly checkDeep: string;
  readonly deepHint: string;
  readonly repair: string;
  readonly repairTitle: string;
  readonly repairHint: string;
  readonly repairByCommand: string;
  readonly keep: string;
  readonly checking: string;
  readonly repairing: string;
  readonly steps: Readonly<Record<NonNullable<HealthState["step"]>, string>>;
  readonly files: (done: string, total: string) => string;
  readonly mended: (count: number, backup: string | null) => string;
  readonly failed: string;
  readonly failedHint: string;
  readonly open: string;
  readonly cannot: string;
  readonly findings: HealthWords;
}

const EN: HealthPageWords = {
  title: "Health check",
  never: "Nobody has looked yet",
  neverHint: "The check reads every row and looks for every file. It changes nothing, and work goes on meanwhile.",
  well: "All is well",
  wellHint: "Rows, credits, news and files fit together.",
  found: (count) => (count === "1" ? "1 thing is wrong" : `${count} things are wrong`),
  shown: (count) => `The first ${count} are shown.`,
  checked: (when, deep) => `Last looked ${when}${deep ? ", every byte read" : ""}.`,
  unused: (files, size) =>
    `${files} files (${size}) are used by nothing. They are removed a day after they were last touched.`,
  check: "Check now",
  checkDeep: "Check every byte",
  deepHint: "Reading every byte finds files that were changed without changing size. It takes as long as copying them.",
  repair: "Repair",
  repairTitle: "Repair what can be repaired?",
  repairHint:
    "The database is copied first; the newest three such copies are kept. Each thing is put right by itself, and open pages show it at once. What cannot be known is left as it is.",
  repairByCommand:
    "What can be repaired here is repaired with a command: copy the database with pg_dump, then run npx pnpm studio doctor --repair --backed-up.",
  keep: "Leave it",
  checking: "Looking",
  repairing: "Repairing",
  steps: {
    backup: "Copying the database",
    rows: "Rows and credits",
    files: "Files",
    unused: "Files that nothing uses",
  },
  files: (done, total) => `${done} of ${total}`,
  mended: (count, backup) =>
    backup === null
      ? "There was nothing that could be put right."
      : `${count === 1 ? "1 thing was" : `${count} things were`} put right. The database as it was before: backups/${backup}`,
  failed: "It could not be looked at",
  failedHint:
    "Something stopped the check before its end; the program's log says what. What is shown below may be old.",
  open: "Open",
  cannot: "Cannot be repaired from here",
  findings: HEALTH_EN,
};

const ZH: HealthPageWords = {
  title: "健康检查",
  never: "还没有检查过",
  neverHint: "检查会读取每一条记录，并查看每一个文件。它不改动任何内容，制作照常进行。",
  well: "一切正常",
  wellHint: "记录、积分、事件和文件彼此一致。",
  found: (count) => `发现 ${count} 处问题`,
  shown: (count) => `显示前 ${count} 处。`,
  checked: (when, deep) => `上次检查：${when}${deep ? "，已读取全部内容" : ""}。`,
  unused: (files, size) => `有 ${files} 个文件（${size}）没有被使用，一天没有变动后会被清理。`,
  check: "立即检查",
  checkDeep: "检查全部内容",
  deepHint: "读取全部内容可以发现大小未变但被改动的文件，所需时间与复制它们相当。",
  repair: "修复",
  repairTitle: "修复能修复的问题？",
  repairHint: "会先复制数据库，保留最近三份副本。每处问题单独修复，打开的页面会立即显示。无法得知的内容保持原样。",
  repairByCommand:
    "此处可修复的问题需用命令修复：先用 pg_dump 备份数据库，然后运行 npx pnpm studio doctor --repair --backed-up。",
  keep: "暂不修复",
  checking: "正在检查",
  repairing: "正在修复",
  steps: { backup: "正在复制数据库", rows: "记录与积分", files: "文件", unused: "没有被使用的文件" },
  files: (done, total) => `${done} / ${total}`,
  mended: (count, backup) =>
    backup === null ? "没有能够修复的内容。" : `已修复 ${count} 处。修复前的数据库：backups/${backup}`,
  failed: "检查没有完成",
  failedHint: "检查中途停止，程序日志里有原因。下面显示的可能是较早的结果。",
  open: "打开",
  cannot: "无法在这里修复",
  findings: HEALTH_ZH,
};

export const HEALTH_PAGE_WORDS: Readonly<Record<Language, HealthPageWords>> = { en: EN, zh: ZH };
