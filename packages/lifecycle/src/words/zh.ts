import type { Words } from "./Words.ts";

export const ZH = {
  status: {
    pending: "等待中",
    processing: "制作中",
    completed: "已完成",
    failed: "失败",
    cancelled: "已取消",
  },
  phase: {
    waiting_inputs: "等待参考素材",
    queued: "排队中",
    backoff: "稍后重试",
    submitting: "正在提交",
    at_provider: "正在生成",
    fetching: "正在取回结果",
    storing: "正在保存",
  },
  action: {
    cancel: "取消",
    retry: "再试一次",
    regenerate: "再做一版",
    recover: "找回结果",
    delete: "删除",
  },
  remedy: {
    regenerate: "修改提示词",
    add_credits: "补充积分",
    check_settings: "检查设置",
    choose_model: "换个模型",
  },
  retryMayCostTwice: "再试一次（可能重复计费）",
  newVersion: "正在制作新版本",
  stopping: "正在停止",
  stoppingMayBeCharged: "正在停止，可能仍会计费",
  tryOf: (n, max) => `第 ${n} 次尝试，共 ${max} 次`,
  inLine: (position) => `排在第 ${position} 位`,
  nextInLine: "下一个就是它",
  farBackInLine: "前面还有 50 个以上",
  startsIn: (low, high) => `大约 ${span(low, high)}后开始`,
  waitingFor: (name, more) => (more === 0 ? `等待“${name}”完成` : `等待“${name}”等 ${more + 1} 个素材完成`),
  and: " · ",
  nextTry: "下次尝试",
  measured: (percent) => `${percent}%`,
  estimated: (low, high) => `通常需要 ${span(low, high)}`,
  unknown: "该模型不提供进度百分比",
  modelGone: "它所用的模型已不再提供，换一个再试。",
  modelGoneRecoverable: "它所用的模型已不再提供，不过之前的结果也许还能找回。",
  noCharge: "没有扣除积分。",
  charged: (amount) => `已扣除 ${amount} 积分。`,
  mayBeCharged: "这里没有扣除积分，但服务商可能已经计费。",
  paidAndRecoverable: "这里没有扣除积分。服务商已接单，可以尝试找回结果。",
  failedUnexplained: { title: "没有成功", hint: "请再试一次。" },
  cancelled: { title: "已取消", hint: "你中止了这次制作。" },
  lastTryFailed: "上次尝试失败",
  lastTryCancelled: "上次尝试已取消",
  finishedBeforeCancel: {
    title: "没来得及取消，已经完成",
    hint: "服务商先一步做好了，成品就在这里。",
  },
  oldVersionKept: "当前显示的是之前的版本。",
  stop: "。",
} as const satisfies Words;

function span(low: number, high: number): string {
  if (high < 90) return low === high ? `${high} 秒` : `${low}–${high} 秒`;
  const [from, to] = [Math.max(1, Math.round(low / 60)), Math.round(high / 60)];
  return from === to ? `${to} 分钟` : `${from}–${to} 分钟`;
}
