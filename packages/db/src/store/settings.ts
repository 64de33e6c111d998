/**
 * What people have set about one provider; null: nothing, so that the environment or the provider itself says. The rows say
 * nothing of what is true where they are read: the environment of that process comes first.
 */
export interface ProviderSetting {
  readonly name: string;
  /** Its place among the others, from 0. */
  readonly position: number | null;
  readonly enabled: boolean | null;
  /** Its key, which nobody can read without the sealing key. This package does not know that. */
  readonly sealedKey: string | null;
  /** The address that the key was entered for, and is sent to alone; null without a key. */
  readonly keyHome: string | null;
  readonly home: string | null;
  /** How many requests at once. */
  readonly atOnce: number | null;
  /** Models in the order in which they are offered; others follow. */
  readonly modelOrder: readonly string[];
  readonly modelsOff: readonly string[];
}

export interface ProviderSettings {
  /** Grows with every change; 0: there was none. */
  readonly revision: number;
  /** By name. */
  readonly settings: readonly ProviderSetting[];
}

/** What is absent stays. */
export interface SaveProviderSetting {
  readonly name: string;
  readonly change: Partial<Omit<ProviderSetting, "name" | "position">>;
}
