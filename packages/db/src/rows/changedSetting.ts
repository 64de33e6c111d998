import type { ProviderSetting, SaveProviderSetting } from "../store/settings.ts";

/** A setting with its change; of a provider that nobody has set anything about, the change alone. */
export function changedSetting(
  { name, change }: SaveProviderSetting,
  before: ProviderSetting | undefined,
): ProviderSetting {
  return { ...NOTHING_SET, ...before, ...change, name };
}

/** The settings of providers in their new order, from 0. */
export function orderedSettings(
  names: readonly string[],
  before: readonly ProviderSetting[],
): readonly ProviderSetting[] {
  return names.map((name, position) => {
    const known = before.find((one) => one.name === name);
    return { ...changedSetting({ name, change: {} }, known), position };
  });
}

const NOTHING_SET = {
  position: null,
  enabled: null,
  sealedKey: null,
  keyHome: null,
  home: null,
  atOnce: null,
  modelOrder: [],
  modelsOff: [],
} as const satisfies Omit<ProviderSetting, "name">;
