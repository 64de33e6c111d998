import { CircleCheckIcon, CircleDashedIcon, TriangleAlertIcon } from "lucide-react";
import { useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { trpc } from "../../trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { RoomPage } from "../studio/RoomPage.tsx";
import { FindingRow } from "./FindingRow.tsx";
import { HEALTH_PAGE_WORDS } from "./healthPageWords.ts";
import { HealthProgress } from "./HealthProgress.tsx";
import type { HealthState } from "@reelstate/api/health";
import type { HealthPageWords } from "./healthPageWords.ts";

/** Whether what the studio keeps fits together, told to people; and the way to mend what does not. */
export function HealthPage() {
  const { words: studioWords, language } = useWords();
  const words = HEALTH_PAGE_WORDS[language];
  const { data: state } = trpc.health.watch.useSubscription();
  return (
    <RoomPage title={words.title}>
      {state === undefined ? (
        <Skeleton label={studioWords.common.loading} className="h-24" />
      ) : (
        <Report state={state} words={words} locale={studioWords.locale} />
      )}
    </RoomPage>
  );
}

interface ReportProps {
  readonly state: HealthState;
  readonly words: HealthPageWords;
  readonly locale: string;
}

function Report({ state, words, locale }: ReportProps) {
  const { number, moment, bytes } = measuresOf({ locale });
  const { status, findings, found, checkedAt, unused, repair, repairs, deep, failed } = state;
  const [asking, setAsking] = useState(false);
  const check = trpc.health.check.useMutation();
  const mend = trpc.health.repair.useMutation();
  const busy = status !== "idle";
  const couldMend = findings.some((finding) => finding.mendable);
  const mendable = couldMend && repairs === "here";
  return (
    <div
      data-health={busy ? status : failed ? "failed" : checkedAt === null ? "never" : found === 0 ? "well" : "found"}
    >
      <Verdict state={state} words={words} locale={locale} />
      {busy ? (
        <HealthProgress state={state} words={words} locale={locale} />
      ) : (
        <div className="mt-5 flex flex-wrap gap-2">
          {mendable && (
            <Button kind="primary" onClick={() => setAsking(true)}>
              {words.repair}
            </Button>
          )}
          <Button kind={mendable ? "plain" : "primary"} onClick={() => check.mutate({})}>
            {words.check}
          </Button>
          <Button onClick={() => check.mutate({ deep: true })}>{words.checkDeep}</Button>
        </div>
      )}
      {couldMend && !mendable && !busy && <p className="mt-5 text-sm text-soft">{words.repairByCommand}</p>}
      {repair !== null && !busy && (
        <p className="mt-5 text-sm wrap-anywhere text-soft">{words.mended(repair.mended, repair.backup)}</p>
      )}
      {findings.length > 0 && (
        <ul className="mt-6 divide-y divide-line border-y border-line">
          {findings.map((finding) => (
            <FindingRow
              key={`${finding.check} ${finding.subject} ${finding.assetId}`}
              finding={finding}
              words={words}
            />
          ))}
        </ul>
      )}
      {found > findings.length && <p className="mt-2 text-xs text-faint">{words.shown(number(findings.length))}</p>}
      <div className="mt-6 space-y-1 text-xs text-faint">
        {checkedAt !== null && <p>{words.checked(moment(checkedAt), deep)}</p>}
        {unused !== null && unused.files > 0 && <p>{words.unused(number(unused.files), bytes(unused.bytes))}</p>}
        <p>{words.deepHint}</p>
      </div>
      <ConfirmDialog
        open={asking}
        title={words.repairTitle}
        hint={words.repairHint}
        confirm={words.repair}
        keep={words.keep}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          mend.mutate({});
        }}
      />
    </div>
  );
}

function Verdict({ state, words, locale }: ReportProps) {
  const { number } = measuresOf({ locale });
  const { failed, checkedAt, found } = state;
  const [Icon, tone, title, hint] = failed
    ? ([TriangleAlertIcon, "text-failed", words.failed, words.failedHint] as const)
    : checkedAt === null
      ? ([CircleDashedIcon, "text-waiting", words.never, words.neverHint] as const)
      : found === 0
        ? ([CircleCheckIcon, "text-ink", words.well, words.wellHint] as const)
        : ([TriangleAlertIcon, "text-failed", words.found(number(found)), null] as const);
  return (
    <output className="flex gap-3">
      <Icon aria-hidden size={22} className={`mt-0.75 shrink-0 ${tone}`} />
      <span className="min-w-0">
        <span className="block text-lg font-medium">{title}</span>
        {hint !== null && <span className="mt-0.5 block text-sm text-soft">{hint}</span>}
      </span>
    </output>
  );
}
