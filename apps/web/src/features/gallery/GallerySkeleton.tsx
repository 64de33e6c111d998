import { useRef } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { justifyRows } from "./justifyRows.ts";
import { useWidth } from "./useWidth.ts";

const ASPECTS = [1.78, 1, 1.78, 0.75, 1.5, 1.78, 0.56, 1.78, 1, 1.33, 1.78, 1.5];

/** The shape of a library, until the first answer. */
export function GallerySkeleton() {
  const { words } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  return (
    <div ref={box} className="m-1.5 flex flex-col gap-1.5 overflow-hidden">
      <output className="sr-only">{words.common.loading}</output>
      {justifyRows(ASPECTS, { width, gap: 6, height: 260 }).map(({ items, height }) => (
        <div key={items[0]?.index} className="flex gap-1.5">
          {items.map(({ index, width: wide }) => (
            <div key={index} className="skeleton rounded-sm bg-press" style={{ width: wide, height }} />
          ))}
        </div>
      ))}
    </div>
  );
}
