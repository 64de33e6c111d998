import { changedSetting, orderedSettings } from "../../rows/changedSetting.ts";
import type { ProviderSetting, ProviderSettings, SaveProviderSetting } from "../../store/settings.ts";
import type { Session } from "../Session.ts";

type Row = Omit<ProviderSetting, "enabled" | "modelOrder" | "modelsOff"> & {
  readonly enabled: 0 | 1 | null;
  readonly modelOrder: string;
  readonly modelsOff: string;
};

export function providerSettings(session: Session): ProviderSettings {
  return { revision: settingsRevision(session), settings: settingsOf(session) };
}

export function settingsRevision({ sql }: Session): number {
  return Number(sql.settingsRevision.get());
}

export function saveProviderSetting(session: Session, request: SaveProviderSetting): void {
  const before = settingsOf(session).find(({ name }) => name === request.name);
  put(session, [changedSetting(request, before)]);
}

/** All of them at one revision. */
export function orderProviders(session: Session, { names }: { readonly names: readonly string[] }): void {
  put(session, orderedSettings(names, settingsOf(session)));
}

function put(session: Session, settings: readonly ProviderSetting[]): void {
  const revision = settingsRevision(session) + 1;
  for (const { enabled, modelOrder, modelsOff, ...setting } of settings)
    session.sql.putProviderSetting.run({
      ...setting,
      enabled: enabled === null ? null : Number(enabled),
      modelOrder: JSON.stringify(modelOrder),
      modelsOff: JSON.stringify(modelsOff),
      revision,
      at: session.now(),
    });
  // Whoever works with providers looks what has changed.
  session.changed.work = true;
}

function settingsOf({ sql }: Session): readonly ProviderSetting[] {
  return (sql.providerSettings.all() as readonly Row[]).map(({ enabled, modelOrder, modelsOff, ...row }) => ({
    ...row,
    enabled: enabled === null ? null : enabled === 1,
    modelOrder: JSON.parse(modelOrder) as readonly string[],
    modelsOff: JSON.parse(modelsOff) as readonly string[],
  }));
}
