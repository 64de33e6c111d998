import type { ErrorCode, Language } from "@reelstate/lifecycle";
import type { ProviderCard } from "@reelstate/api";

/** What the page of the providers says; loaded with it. */
export interface ProvidersPageWords {
  readonly title: string;
  readonly intro: string;
  readonly list: string;
  readonly loadFailed: string;
  /** Where the studio was put together without them. */
  readonly notHere: string;
  readonly states: Readonly<Record<ProviderCard["state"], string>>;
  /** What to do about a state, where there is something; `flaw` is the studio's own, in English. */
  readonly stateHints: Readonly<Partial<Record<ProviderCard["state"], string>>>;
  readonly modelCount: (offered: number, all: number) => string;
  readonly offer: (label: string) => string;
  readonly up: (label: string) => string;
  readonly down: (label: string) => string;
  readonly place: (label: string, place: number, of: number) => string;
  readonly key: string;
  readonly newKey: string;
  readonly keyOptional: string;
  readonly keyKept: (hint: string) => string;
  readonly keyKeptUnseen: string;
  readonly keyHint: (variable: string | null) => string;
  readonly keyAgain: (needed: ProviderCard["keyNeeded"]) => string;
  readonly setBy: (variable: string) => string;
  readonly removeKey: string;
  readonly removeKeyTitle: (label: string) => string;
  readonly removeKeyHint: (label: string, needed: ProviderCard["keyNeeded"]) => string;
  readonly keepKey: string;
  readonly home: string;
  readonly homeOfGateway: string;
  readonly homeOfMachine: string;
  /** Why it cannot be another. */
  readonly homeOfKey: (variable: string) => string;
  readonly limit: string;
  readonly limitHint: string;
  readonly limitWrong: string;
  readonly check: string;
  readonly checkHome: string;
  readonly checking: string;
  /** `typed`: not saved yet; `keyed`: asked with a key. */
  readonly checkOk: (label: string, took: string, how: { readonly typed: boolean; readonly keyed: boolean }) => string;
  readonly checkFailed: (code: ErrorCode, label: string) => { readonly title: string; readonly hint: string };
  readonly checkDetail: string;
  readonly notCheckable: string;
  readonly models: string;
  readonly modelsHint: string;
  readonly offered: (model: string) => string;
}

const EN: ProvidersPageWords = {
  title: "Providers",
  intro:
    "The studio draws storyboards by itself, for nothing. A provider makes real pictures and clips with a key of yours, or on a machine of yours; what it charges, you pay to it.",
  list: "Providers, the first offered first",
  loadFailed: "The settings could not be loaded.",
  notHere: "Providers are not set up from here. Whoever runs the studio sets them up where it is started.",
  states: {
    ready: "Ready",
    off: "Off",
    needs_key: "Needs a key",
    needs_home: "Needs an address",
    key_unreadable: "Its key can't be read",
    broken: "Can't be used",
  },
  stateHints: {
    off: "Nothing new is begun with it. What is under way is finished.",
    key_unreadable: "The key was sealed with another secret than this studio has. Enter it again.",
  },
  modelCount: (offered, all) =>
    offered === all ? `${all} ${all === 1 ? "model" : "models"}` : `${offered} of ${all} models`,
  offer: (label) => `Offer the models of ${label}`,
  up: (label) => `Move ${label} up`,
  down: (label) => `Move ${label} down`,
  place: (label, place, of) => `${label} is number ${place} of ${of} now.`,
  key: "Key",
  newKey: "Another key",
  keyOptional: "Key, if it asks for one",
  keyKept: (hint) => `A key is kept. It ends in ${hint}.`,
  keyKeptUnseen: "A key is kept.",
  keyHint: (variable) =>
    `It is kept sealed and never shown again.${variable === null ? "" : ` Whoever runs the studio can set it as ${variable} instead.`}`,
  keyAgain: (needed) =>
    `A key is sent only to the address it was entered for. For this address, enter it again${needed === "optional" ? ", or remove it: the address is then saved with that" : ""}.`,
  setBy: (variable) => `Set by ${variable}, where the studio is started. It can be changed there alone.`,
  removeKey: "Remove the key",
  removeKeyTitle: (label) => `Remove the key of ${label}?`,
  removeKeyHint: (label, needed) =>
    needed === "optional"
      ? `The studio forgets it, and asks ${label} without one from now on, for what waits and what is under way too. If ${label} does not take that, these fail.`
      : `The studio forgets it. Whatever waits for ${label} fails within moments, and what is under way there can no longer be followed, unless you enter the key again.`,
  keepKey: "Keep it",
  home: "Address",
  homeOfGateway: "Only for a gateway that speaks as it does. Empty: its own address.",
  homeOfMachine: "Where it is reached, such as http://192.168.1.20:8188.",
  homeOfKey: (variable) => `The key that ${variable} sets is sent to no other address.`,
  limit: "At once, at most",
  limitHint: "How many requests it is given at the same time. Empty: as many as it takes.",
  limitWrong: "A whole number from 1 to 1000, or nothing.",
  check: "Check this key",
  checkHome: "Check this address",
  checking: "Asking",
  checkOk: (label, took, { typed, keyed }) =>
    `${keyed ? `${label} accepts it; it answered` : `${label} answers at this address,`} in ${took}.${typed ? " It is not saved yet." : ""}`,
  checkFailed(code, label) {
    switch (code) {
      case "provider_auth":
        return {
          title: `${label} refused it.`,
          hint: "The key is wrong, expired, or belongs to another service. Copy it anew from your account there, whole.",
        };
      case "provider_quota":
        return {
          title: `${label} knows it, but the account is used up.`,
          hint: "Top it up there. The key itself is fine.",
        };
      case "rate_limited":
        return {
          title: `${label} is asked too often.`,
          hint: "This says nothing about the key. Check again in a minute.",
        };
      case "timeout":
        return {
          title: `${label} did not answer in time.`,
          hint: "This says nothing about the key. Check again in a minute.",
        };
      case "provider_unavailable":
        return {
          title: `No useful answer came from ${label}.`,
          hint: "Look at the address, and whether the machine the studio runs on has a connection. If both are right, it may be in trouble itself: check again later.",
        };
      default:
        return {
          title: "It could not be found out.",
          hint: "Something unexpected came back; what was recorded is below. Check again in a minute.",
        };
    }
  },
  checkDetail: "What it said",
  notCheckable: "This key cannot be tried without paying. The first picture shows whether it is right.",
  models: "Models",
  modelsHint:
    "The first that makes what is asked for is chosen where nobody chooses. One that is not ticked is not offered.",
  offered: (model) => `Offer ${model}`,
};

const ZH: ProvidersPageWords = {
  title: "服务商",
  intro:
    "工作室自己就能免费画分镜。想要真正的画面和视频，可以用你自己的密钥接入服务商，或接入你自己的机器；服务商的费用由你直接付给对方。",
  list: "服务商，排在前面的优先提供",
  loadFailed: "设置没能加载出来。",
  notHere: "这里不能设置服务商，由管理员在启动工作室的地方设置。",
  states: {
    ready: "可用",
    off: "已关闭",
    needs_key: "需要密钥",
    needs_home: "需要地址",
    key_unreadable: "密钥无法读取",
    broken: "无法使用",
  },
  stateHints: {
    off: "不再用它开始新的制作，已经开始的会做完。",
    key_unreadable: "密钥是用另一个密封口令保存的，这个工作室打不开。请重新填写。",
  },
  modelCount: (offered, all) => (offered === all ? `${all} 个模型` : `${all} 个模型，提供 ${offered} 个`),
  offer: (label) => `提供 ${label} 的模型`,
  up: (label) => `上移 ${label}`,
  down: (label) => `下移 ${label}`,
  place: (label, place, of) => `${label} 现在排第 ${place}，共 ${of} 个。`,
  key: "密钥",
  newKey: "换一个密钥",
  keyOptional: "密钥（对方要求时才填）",
  keyKept: (hint) => `已保存密钥，结尾是 ${hint}。`,
  keyKeptUnseen: "已保存密钥。",
  keyHint: (variable) =>
    `密封保存，不会再显示。${variable === null ? "" : `管理员也可以改用环境变量 ${variable} 设置。`}`,
  keyAgain: (needed) =>
    `密钥只会发往填写时的地址。换了地址，请重新填写密钥${needed === "optional" ? "，或移除密钥，新地址会随之保存" : ""}。`,
  setBy: (variable) => `由启动工作室时的 ${variable} 设置，只能在那里修改。`,
  removeKey: "移除密钥",
  removeKeyTitle: (label) => `移除 ${label} 的密钥？`,
  removeKeyHint: (label, needed) =>
    needed === "optional"
      ? `工作室会忘掉它，此后不带密钥访问 ${label}，排队和进行中的制作也一样。如果 ${label} 不接受，这些制作会失败。`
      : `工作室会忘掉它。排队等候 ${label} 的制作很快会失败，已在那边进行的将无法继续跟进，除非重新填写密钥。`,
  keepKey: "保留",
  home: "地址",
  homeOfGateway: "只在使用兼容网关时填写。留空则用它自己的地址。",
  homeOfMachine: "在哪里能连到它，例如 http://192.168.1.20:8188。",
  homeOfKey: (variable) => `${variable} 设置的密钥不会发往别的地址。`,
  limit: "同时最多",
  limitHint: "同时交给它多少个请求。留空则由服务商自己的上限决定。",
  limitWrong: "请填 1 到 1000 之间的整数，或留空。",
  check: "检查密钥",
  checkHome: "检查地址",
  checking: "正在询问",
  checkOk: (label, took, { typed, keyed }) =>
    `${keyed ? `${label} 认可这个密钥，` : `${label} 在这个地址有回应，`}${took}内作答。${typed ? "还没有保存。" : ""}`,
  checkFailed(code, label) {
    switch (code) {
      case "provider_auth":
        return {
          title: `${label} 拒绝了它。`,
          hint: "密钥有误、已过期，或属于别的服务。请到对方的账户页重新完整复制。",
        };
      case "provider_quota":
        return { title: `${label} 认得它，但账户额度已用完。`, hint: "请到对方那里充值，密钥本身没有问题。" };
      case "rate_limited":
        return { title: `${label} 说问得太频繁。`, hint: "这不说明密钥有问题，过一分钟再检查。" };
      case "timeout":
        return { title: `${label} 没有及时回应。`, hint: "这不说明密钥有问题，过一分钟再检查。" };
      case "provider_unavailable":
        return {
          title: `没有收到 ${label} 的有效回应。`,
          hint: "请检查地址，以及工作室所在机器的网络。如果都没有问题，可能是对方出了故障，过一会儿再检查。",
        };
      default:
        return { title: "没能查明。", hint: "收到了意料之外的回应，记录在下方。过一分钟再检查。" };
    }
  },
  checkDetail: "对方的原话",
  notCheckable: "这个密钥没有免费的检查办法，做第一张图时就知道对不对。",
  models: "模型",
  modelsHint: "没有指定模型时，用能制作的第一个。没有勾选的不会提供。",
  offered: (model) => `提供 ${model}`,
};

export const PROVIDERS_PAGE_WORDS: Readonly<Record<Language, ProvidersPageWords>> = { en: EN, zh: ZH };
