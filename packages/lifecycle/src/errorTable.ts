import type { ErrorCode } from "./errorCodes.ts";
import type { Language } from "./language.ts";

/** What a person can do about a failure; the first three are events, the others lead somewhere else. */
export type Remedy = "retry" | "recover" | "regenerate" | "add_credits" | "check_settings";

export interface ErrorEntry {
  /**
   * Whether another attempt may go better by itself (J5). Where it may, a provider's own word about one failure decides;
   * where it may not, nothing does.
   */
  readonly retryable: boolean;
  /** Whether the provider may have billed for it. The studio's own credits are never taken for a failure (C2). */
  readonly charged: "never" | "maybe";
  /** The one button that helps, where the machine permits it. A paid submission to take up comes first (P6). */
  readonly remedy: Remedy;
  /** What happened, then what to do. */
  readonly words: Readonly<Record<Language, { readonly title: string; readonly hint: string }>>;
}

/** What each error code means. */
export const ERROR_TABLE = {
  content_policy_input: {
    retryable: false,
    charged: "never",
    remedy: "regenerate",
    words: {
      en: {
        title: "The request was declined",
        hint: "The provider's rules don't allow this prompt or picture. Change the words or the reference.",
      },
      zh: { title: "请求未通过审核", hint: "提示词或参考图不符合服务商的规定，换个说法或换张图再试。" },
    },
  },
  content_policy_output: {
    retryable: false,
    charged: "maybe",
    remedy: "regenerate",
    words: {
      en: {
        title: "The result was withheld",
        hint: "The provider made something its rules don't allow it to show. A small change to the prompt often helps.",
      },
      zh: {
        title: "结果未通过审核",
        hint: "画面生成了，但不符合服务商的规定，所以没有给出。稍微改一下提示词通常就能解决。",
      },
    },
  },
  invalid_input: {
    retryable: false,
    charged: "never",
    remedy: "regenerate",
    words: {
      en: {
        title: "The model can't work with this",
        hint: "It doesn't accept this prompt, size or reference. Change one of them.",
      },
      zh: { title: "模型无法处理这个请求", hint: "提示词、尺寸或参考图不被该模型接受，调整其中一项再试。" },
    },
  },
  insufficient_credits: {
    retryable: false,
    charged: "never",
    remedy: "add_credits",
    words: {
      en: { title: "Not enough credits", hint: "Add credits, then try again." },
      zh: { title: "积分不足", hint: "补充积分后再试。" },
    },
  },
  provider_quota: {
    retryable: false,
    charged: "never",
    remedy: "check_settings",
    words: {
      en: {
        title: "The provider's account is used up",
        hint: "Its balance or quota is spent. Top it up, or choose another model.",
      },
      zh: { title: "服务商账户额度已用完", hint: "请为服务商账户充值，或改用其他模型。" },
    },
  },
  provider_auth: {
    retryable: false,
    charged: "never",
    remedy: "check_settings",
    words: {
      en: {
        title: "The provider refused our key",
        hint: "The API key is missing, wrong or expired. Check it in the settings.",
      },
      zh: { title: "服务商拒绝了我们的密钥", hint: "API 密钥缺失、有误或已过期，请到设置里检查。" },
    },
  },
  rate_limited: {
    retryable: true,
    charged: "never",
    remedy: "retry",
    words: {
      en: { title: "The provider is too busy", hint: "It kept asking us to slow down. Try again in a few minutes." },
      zh: { title: "服务商繁忙", hint: "对方一直要求我们放慢速度，过几分钟再试。" },
    },
  },
  provider_unavailable: {
    retryable: true,
    charged: "never",
    remedy: "retry",
    words: {
      en: {
        title: "The provider had a problem",
        hint: "It broke off or could not be reached. Trying again usually helps.",
      },
      zh: { title: "服务商出了问题", hint: "连接中断或无法连上，再试一次通常就好。" },
    },
  },
  timeout: {
    retryable: true,
    charged: "never",
    remedy: "retry",
    words: {
      en: {
        title: "It took too long",
        hint: "We stopped waiting. Try again, or ask for something shorter or smaller.",
      },
      zh: { title: "等待超时", hint: "耗时太久，已停止等待。可以再试一次，或者缩短时长、减小尺寸。" },
    },
  },
  worker_lost: {
    retryable: true,
    charged: "never",
    remedy: "retry",
    words: {
      en: {
        title: "The work was interrupted too often",
        hint: "The program making it kept stopping. Try again; if it happens again, tell whoever runs this studio.",
      },
      zh: { title: "制作多次中断", hint: "负责制作的程序反复停止。请再试一次，如果仍然这样，请联系管理员。" },
    },
  },
  storage_failed: {
    retryable: true,
    charged: "never",
    remedy: "retry",
    words: {
      en: {
        title: "The result could not be saved",
        hint: "Our storage failed. Check that there is space left, then try again.",
      },
      zh: { title: "结果没能保存", hint: "存储出了问题。请确认还有剩余空间，然后再试。" },
    },
  },
  unconfirmed_submit: {
    retryable: false,
    charged: "maybe",
    remedy: "retry",
    words: {
      en: {
        title: "We don't know whether the provider started",
        hint: "The connection broke as we asked, so we did not ask twice.",
      },
      zh: { title: "无法确认服务商是否已开始", hint: "提交时连接断了，为避免重复付费，没有自动重新提交。" },
    },
  },
  input_not_ready: {
    retryable: false,
    charged: "never",
    remedy: "regenerate",
    words: {
      en: {
        title: "Its reference did not come through",
        hint: "The picture it was to start from failed or was removed. Choose another.",
      },
      zh: { title: "参考素材不可用", hint: "它所依赖的素材生成失败或已被移除，请换一个。" },
    },
  },
  internal: {
    retryable: true,
    charged: "never",
    remedy: "retry",
    words: {
      en: {
        title: "Something went wrong on our side",
        hint: "It isn't your prompt. Try again; if it happens again, tell whoever runs this studio.",
      },
      zh: { title: "我们这边出了问题", hint: "与你的提示词无关。请再试一次，如果仍然这样，请联系管理员。" },
    },
  },
} as const satisfies Record<ErrorCode, ErrorEntry>;

/** The entry of a code, typed as one. */
export function errorEntry(code: ErrorCode): ErrorEntry {
  return ERROR_TABLE[code];
}
