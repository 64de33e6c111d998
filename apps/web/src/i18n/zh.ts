import { ERROR_TABLE } from "@reelstate/lifecycle";
import type { FileFlaw } from "@reelstate/api";
import type { StudioWords } from "./StudioWords.ts";

const ZH_FILE_FLAWS = {
  too_large: "文件超过 20 MB，请压缩后再添加。",
  empty: "这是个空文件，请选一张 PNG、JPEG 或 WebP 图片。",
  heif: "这里读不了 HEIC 和 AVIF 图片，请导出为 JPEG 或 PNG 再添加。",
  not_a_picture: "这不是工作室能读的图片，请用 PNG、JPEG 或 WebP 文件。",
  too_many_pixels: "图片超过 5000 万像素，请缩小后再添加。",
  damaged: "图片已损坏，读不完整。请重新保存，或换一张。",
  disk_full: "工作室的磁盘满了，图片没有存下来。请管理员腾出空间。",
  not_kept: "工作室没能存下这张图片，请再添加一次。",
} as const satisfies Record<FileFlaw, string>;

export const ZH = {
  locale: "zh-CN",
  studio: "Reelstate",
  common: {
    close: "关闭",
    cancel: "先不删",
    tryAgain: "再试一次",
    copy: "复制",
    copied: "已复制",
    loading: "正在加载",
    more: "更多",
    messages: "消息",
  },
  type: { image: "图片", video: "视频" },
  providers: { local: "工作室自带", simulator: "模拟器" },
  views: { label: "浏览", all: "全部", images: "图片", videos: "视频", failed: "失败", menu: "浏览与项目" },
  projects: {
    label: "项目",
    everything: "所有项目",
    create: "新建项目",
    name: "名称",
    namePlaceholder: "冬日短片",
    createIt: "创建",
  },
  top: {
    search: "搜索名称和提示词",
    clearSearch: "清空搜索",
    filter: "状态",
    anyStatus: "不限状态",
    queue: (running, waiting) => `队列：${running + waiting} 个，其中 ${running} 个制作中，${waiting} 个等待中`,
    credits: (balance) => `积分：${balance}`,
    settings: "模型与设置",
    theme: "外观",
    themes: { system: "跟随系统", light: "浅色", dark: "深色" },
    language: "语言",
    connecting: "正在重新连接",
    offline: (since) => `${since} 起失去连接。画面停留在那一刻，恢复后会自动跟上。`,
    offlineShort: "已离线",
    trouble: {
      disk_full: "工作室的磁盘已满。之前的作品都安全，但新的结果无法保存；腾出空间后会自动继续。",
      storage_away:
        "暂时连不上工作室的存储。之前的作品都安全，但可能无法显示，新的结果要等它恢复后才能保存；恢复后会自动继续。",
    },
  },
  card: {
    name: (name, type, state) => `${name}，${type}，${state}`,
    actions: (name) => `${name} 的操作`,
    elapsed: "已用时",
    copyPrompt: "复制提示词",
    useAsReference: "用作参考图",
    useSettings: "以此为起点",
    download: "下载",
  },
  gallery: {
    label: "素材库",
    loadFailed: "素材库没能加载出来",
    loadFailedHint: "工作室没有回应，可能正在重启。",
    loadBrokeHint: "工作室内部出了错，管理员可以在日志里看到原因。",
    nothingFound: "没有符合的内容",
    nothingFoundHint: "少写几个字，或者到所有项目里找找。",
    clearFilters: "显示全部",
    nothingHere: "这里还是空的",
    nothingHereHint: "在这个项目里制作的内容会出现在这里。",
    welcome: "想看见什么？",
    welcomeHint: "描述一幅画面或一个镜头，它会立刻出现在这里，看着它一点点做出来。",
    examples: [
      { type: "image", prompt: "晨雾中的灯塔，从小船上望去，海面平静" },
      { type: "video", prompt: "日出时分，镜头缓缓推进竹林，雾气在竹间流动" },
      { type: "image", prompt: "雨夜的街道，霓虹映在积水里，一把红伞" },
    ],
    tryExample: "用这句提示词",
  },
  remove: {
    title: (name) => `删除“${name}”？`,
    hint: "它会立即离开素材库，所有版本和文件一并删除。",
    hintLive: "它会立即离开素材库，正在进行的制作会停止。预留的积分会退回，除非服务商先一步做完。",
    confirm: "删除",
  },
  composer: {
    label: "创作",
    prompt: "提示词",
    placeholder: { image: "描述一幅画面", video: "描述一个镜头，以及镜头怎么运动" },
    kind: "类型",
    model: "模型",
    aspect: "画幅",
    length: "时长",
    seconds: (n) => `${n} 秒`,
    resolution: "清晰度",
    count: "数量",
    countOf: (n) => `一次 ${n} 个`,
    fewer: "减少一个",
    moreOf: "增加一个",
    seed: "种子",
    seedPlaceholder: "随机",
    seedWrong: "请填 0 到 4294967295 之间的整数",
    slate: "场记板",
    slateHint: "在画面上标注文字和镜头信息",
    reference: "参考图",
    addReference: "添加参考图",
    dropHere: "松手即可作为参考图",
    noReference: "这个模型不使用参考图",
    referenceLimit: (n) => `这个模型最多用 ${n} 张参考图`,
    removeReference: (name) => `移除 ${name}`,
    referenceGone: (name) => `${name} 已被删除。请移除它，或换一张图片。`,
    referenceNotMade: (name) => `${name} 没有做成，不能用作参考图。请移除它，或换一张图片。`,
    unnamedReference: "一张参考图",
    tooLarge: (name) => `${name} 超过 20 MB，请压缩后再添加。`,
    notAPicture: (name) => `${name} 不是 PNG、JPEG 或 WebP 图片，请转换后再添加。`,
    uploadFailed: (name) => `${name} 没能传上来，请检查网络后重新添加。`,
    generate: "生成",
    generating: "正在提交",
    waitingForPicture: "正在等图片传完",
    makeVersion: "制作这一版",
    free: "免费",
    price: (n) => `${n} 积分`,
    pricing: "正在计算价格",
    priceUnknown: "暂无价格",
    left: (n) => `剩余 ${n}`,
    short: (n) => `还差 ${n} 积分。减少数量、缩短时长，或换一个模型。`,
    newVersionOf: (name) => `${name} 的新版本`,
    backToNew: "改为新建",
    collapse: "收起",
    addProvider: "添加服务商…",
    noModels: "还没有可用的模型",
    noModelsOf: (type) => `这里没有能制作${type}的模型`,
  },
  refusal: ({ why, field, flaw, short, budget, freeAt, quote }, number) => {
    switch (why) {
      case "invalid_input":
        if (field === "file")
          return flaw === null
            ? "这个文件用不了。请换一张完好的 PNG、JPEG 或 WebP 图片，不超过 20 MB、5000 万像素。"
            : ZH_FILE_FLAWS[flaw];
        return `这样还没法制作${field === null ? "" : `，请检查${ZH_FIELDS[field.split(".").at(-1) ?? ""] ?? field}`}。`;
      case "insufficient_credits":
        return short === null ? "积分不够。" : `还差 ${number(short)} 积分。减少数量、缩短时长，或换一个模型。`;
      case "budget_exceeded": {
        const beyond = `超出${budget === "month" ? "本月" : "今天"}的预算 ${number(short ?? 0)} 积分。`;
        if (freeAt === null) return `${beyond}减少数量、缩短时长，或在设置里提高预算。`;
        return `${beyond}等到${budget === "month" ? "下个月" : "明天"}（以 UTC 零点为界），或在设置里提高预算。`;
      }
      case "not_found":
        return "它已经不在了，可能被人删除了。";
      case "busy":
        return "它已经在制作中了。";
      case "already_ended":
        return "它已经结束了。";
      case "idempotency_conflict":
        return "这次请求已用别的设置提交过，再按一次即可重新提交。";
      case "quote_changed":
        return quote === null
          ? "价格有变化，看一眼再按。"
          : `现在的价格是 ${number(quote.total)} 积分，同意的话请再按一次。`;
      case "not_allowed":
        return "在当前状态下不能这样做。";
      case "not_recoverable":
        return "服务商那边已经没有可找回的结果。";
      case "disk_full":
        return "工作室的磁盘已满，什么都没有开始，也没有扣费。腾出空间后再试。";
      case "unavailable":
        return "工作室暂时无法写入数据库，什么都没有做。请稍后再试。";
    }
  },
  broke: "工作室内部出了错。可以再按一次，不会重复扣费；如果一直这样，请管理员查看日志。",
  unreachable: "工作室没有回应。如果它已收到，结果会自己出现在这里；再按一次也不会重复扣费。",
  detail: {
    label: (name) => `${name} 的详情`,
    back: "返回素材库",
    previous: "上一个",
    next: "下一个",
    notFound: "这里没有它",
    notFoundHint: "它已被删除，或者地址不太对。",
    toGallery: "去素材库",
    prompt: "提示词",
    parameters: "设置",
    model: "模型",
    aspect: "画幅",
    size: "像素",
    fileSize: "文件",
    length: "时长",
    seed: "种子",
    resolution: "清晰度",
    charged: "已扣积分",
    held: "预留积分",
    created: "提交时间",
    id: "编号",
    references: "参考自",
    versions: "版本",
    version: (n) => `第 ${n} 版`,
    current: "当前",
    viewing: (n) => `正在看第 ${n} 版`,
    backToCurrent: "回到当前版本",
    compare: "并排对比",
    stopComparing: "单独查看",
    timeline: "经过",
    diagram: (path) => `走过的路径：${path}`,
    detailLabel: "记录的信息",
  },
  events: {
    create: "提交制作",
    upload: "上传完成",
    ready: "参考图已就绪",
    reject: "无法开始",
    claim: "开始制作",
    progress: "进展",
    complete: "完成并保存",
    fail: "这次尝试失败",
    lose: "制作进程失去联系",
    expire: "时间用尽",
    hand_back: "工作室停机，任务交回",
    mend: "由健康检查修正",
    cancel: "请求取消",
    settle: "已停止",
    retry: "再次尝试",
    regenerate: "要求新版本",
    recover: "正在找回已付费的结果",
    delete: "已删除",
  },
  eventTry: (n) => `第 ${n} 次`,
  queue: {
    title: "队列",
    live: "进行中",
    ended: "最近结束",
    empty: "没有进行中的任务",
    emptyHint: "写一句提示词，按下“生成”。",
    waitingCount: (n) => `${n} 个等待中`,
    none: "还没有结束的任务",
  },
  credits: {
    title: "积分",
    balance: "余额",
    held: "预留",
    available: "可用",
    entries: "明细",
    empty: "还没有记录",
    more: "显示更早的记录",
    kind: { grant: "发放", hold: "预留", capture: "扣除", release: "退回" },
    deleted: "已删除的素材",
    howToAdd: "积分由工作室的管理员发放。本地模型免费。",
  },
  settings: {
    title: "模型与设置",
    models: "模型",
    from: (n) => `${n} 积分起`,
    measured: "提供进度",
    notMeasured: "不提供百分比",
    providers: "服务商",
    providersHint: "由谁来制作画面和视频：密钥、模型，以及谁排在前面。",
    budget: "预算",
    budgetHint: "每天和每月能花多少积分，已经花了多少。",
    health: "健康检查",
    healthHint: "检查保存的一切，并修复能修复的。",
  },
  help: {
    title: "键盘操作",
    keys: [
      { keys: ["c"], does: "写提示词" },
      { keys: ["Ctrl", "Enter"], does: "生成" },
      { keys: ["/"], does: "搜索" },
      { keys: ["←", "→", "↑", "↓"], does: "在卡片间移动；在详情里看上一个、下一个" },
      { keys: ["Enter"], does: "打开" },
      { keys: ["Delete"], does: "删除" },
      { keys: ["Esc"], does: "返回" },
      { keys: ["?"], does: "显示这份列表" },
    ],
  },
  notFound: { title: "这个地址什么也没有", hint: "可能已经移走，或者输错了。" },
  broken: { title: "页面出了点问题", hint: "你的作品都在工作室里，重新加载即可。", reload: "重新加载" },
  codes: (code) => ERROR_TABLE[code].words.zh.title,
} as const satisfies StudioWords;

/** Fields of a request by the names that the composer gives them. */
const ZH_FIELDS: Readonly<Record<string, string>> = {
  prompt: "提示词",
  model: "模型",
  aspectRatio: "画幅",
  durationMs: "时长",
  resolution: "清晰度",
  seed: "种子",
  count: "数量",
  inputs: "参考图",
};
