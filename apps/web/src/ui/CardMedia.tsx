import { PlayIcon } from "lucide-react";
import { useRef, useState } from "react";
import { timecode } from "../i18n/measures.ts";
import { DevelopingPicture } from "./DevelopingPicture.tsx";
import type { Media } from "@reelstate/lifecycle";

export interface CardMediaProps {
  readonly media: Media;
  readonly sizes?: string | undefined;
  /** Something is drawn over it: it does not play. */
  readonly still: boolean;
}

/** The picture at rest; a video plays, silently, while it is pointed at or focused. */
export function CardMedia({ media, sizes, still }: CardMediaProps) {
  const [wanted, setWanted] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  const isVideo = media.mime.startsWith("video/");
  const plays = isVideo && wanted && !still;
  return (
    <div
      className="absolute inset-0"
      ref={(box) => {
        const card = box?.closest("article");
        if (!isVideo || !card) return;
        const start = () => setWanted(true);
        const stop = () => setWanted(card.matches(":hover") || card.matches(":focus-within"));
        const listeners = [
          ["pointerenter", start],
          ["focusin", start],
          ["pointerleave", stop],
          ["focusout", stop],
        ] as const;
        for (const [event, listener] of listeners) card.addEventListener(event, listener);
        return () => {
          for (const [event, listener] of listeners) card.removeEventListener(event, listener);
        };
      }}
    >
      <DevelopingPicture
        media={media}
        alt=""
        {...(sizes === undefined ? {} : { sizes })}
        className="absolute inset-0"
      />
      {plays && !prefersStillness() && (
        <video
          ref={video}
          src={media.url}
          muted
          loop
          autoPlay
          playsInline
          disablePictureInPicture
          aria-hidden
          tabIndex={-1}
          className="absolute inset-0 size-full object-cover"
        />
      )}
      {isVideo && media.durationMs !== null && (
        <span className="over-picture tabular absolute right-1.5 bottom-1.5 flex items-center gap-1 rounded-sm bg-scrim px-1.5 py-0.5 text-xs">
          <PlayIcon aria-hidden size={10} fill="currentColor" />
          {timecode(media.durationMs + 500)}
        </span>
      )}
    </div>
  );
}

function prefersStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
