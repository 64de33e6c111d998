import type { Language } from "@reelstate/lifecycle";

/** What pages with settings say of whether they are kept; loaded with them. */
export interface SavedWords {
  readonly save: string;
  readonly discard: string;
  readonly unsaved: string;
  readonly saving: string;
  readonly saved: string;
  readonly notSaved: (why: string) => string;
  readonly broke: string;
  readonly unreachable: string;
  /** What was refused about a field, in the studio's English. */
  readonly fieldWrong: (field: string, message: string) => string;
}

const EN: SavedWords = {
  save: "Save",
  discard: "Discard",
  unsaved: "Not saved yet",
  saving: "Saving",
  saved: "Saved",
  notSaved: (why) => `Not saved. ${why}`,
  broke: "Something went wrong in the studio. Whoever runs it finds the reason in its log.",
  unreachable: "The studio did not answer. Press again in a moment.",
  // About a field the studio says what it must be.
  fieldWrong: (field, message) => {
    const said = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
    return `This ${said.replace(/\.$/, "")}.`;
  },
};

const ZH: SavedWords = {
  save: "保存",
  discard: "放弃修改",
  unsaved: "尚未保存",
  saving: "正在保存",
  saved: "已保存",
  notSaved: (why) => `没有保存。${why}`,
  broke: "工作室内部出了错，管理员可以在日志里看到原因。",
  unreachable: "工作室没有回应，请稍后再按一次。",
  fieldWrong: (field, message) => `${ZH_FIELDS[field] ?? "这里填得不对，请检查。"}（工作室的原话：${message}）`,
};

const ZH_FIELDS: Readonly<Record<string, string>> = {
  key: "这个密钥在这里不能用。请检查，需要时重新完整粘贴，不带空格。",
  home: "这个地址在这里不能用。请检查，例如应当是 http 还是 https，里面不能带密钥。",
  limit: "请填 1 到 1000 之间的整数，或留空。",
  day: "请填不小于 0 的整数，或留空。",
  month: "请填不小于 0 的整数，或留空。",
};

export const SAVED_WORDS: Readonly<Record<Language, SavedWords>> = { en: EN, zh: ZH };
