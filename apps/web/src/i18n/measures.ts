import type { StudioWords } from "./StudioWords.ts";

/** Numbers, times and sizes as the reader writes them. */
export interface Measures {
  number(value: number): string;
  percent(fraction: number): string;
  /** Millionths of a US dollar, as dollars. */
  dollars(micros: number): string;
  /** 14:05:09 */
  clock(at: number): string;
  /** With the day. */
  moment(at: number): string;
  /** 1.4 MB */
  bytes(value: number): string;
  /** A span in words: 40ms, 0.4s, 12s, 3m. */
  span(ms: number): string;
}

const known = new Map<string, Measures>();

export function measuresOf({ locale }: Pick<StudioWords, "locale">): Measures {
  const measures = known.get(locale) ?? createMeasures(locale);
  known.set(locale, measures);
  return measures;
}

/** m:ss, as film people count it. */
export function timecode(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = String(rest).padStart(2, "0");
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}

function createMeasures(locale: string): Measures {
  const number = new Intl.NumberFormat(locale);
  const one = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const dollars = new Intl.NumberFormat(locale, { style: "currency", currency: "USD", maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { style: "percent" });
  const clock = new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", hour12: false });
  const unit = (name: string, digits: number) =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "narrow", maximumFractionDigits: digits });
  const units = {
    thousandths: unit("millisecond", 0),
    tenths: unit("second", 1),
    second: unit("second", 0),
    minute: unit("minute", 0),
    hour: unit("hour", 1),
  };
  return {
    number: (value) => number.format(value),
    percent: (fraction) => percent.format(fraction),
    dollars: (micros) => dollars.format(micros / 1_000_000),
    clock: (at) => clock.format(at),
    moment: (at) => moment.format(at),
    bytes: (value) => (value < 1_000_000 ? `${one.format(value / 1_000)} kB` : `${one.format(value / 1_000_000)} MB`),
    span(ms) {
      if (ms < 100) return units.thousandths.format(ms);
      if (ms < 9_950) return units.tenths.format(ms / 1_000);
      if (ms < 90_000) return units.second.format(ms / 1_000);
      if (ms < 5_400_000) return units.minute.format(ms / 60_000);
      return units.hour.format(ms / 3_600_000);
    },
  };
}
