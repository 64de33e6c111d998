import { clsx } from "clsx";
import { useState } from "react";
import { ThumbhashField } from "./ThumbhashField.tsx";
import type { Media } from "@reelstate/lifecycle";

export interface DevelopingPictureProps {
  readonly media: Media;
  readonly alt: string;
  /** How wide it is drawn, so that the browser takes the file that fits. */
  readonly sizes?: string;
  readonly className?: string;
}

/** A picture that develops from its ThumbHash; one that is there at once is simply shown. */
export function DevelopingPicture({ media, alt, sizes, className }: DevelopingPictureProps) {
  const [developed, setDeveloped] = useState<"" | "now" | null>(null);
  const small = Math.min(media.width, Math.round(THUMB_PIXELS * Math.min(1, media.width / media.height)));
  const large = Math.min(media.width, Math.round(POSTER_PIXELS * Math.min(1, media.width / media.height)));
  return (
    <div className={clsx("overflow-hidden", className)}>
      <ThumbhashField thumbhash={media.thumbhash} />
      <img
        key={media.thumbUrl}
        ref={(image) => {
          if (image?.complete && image.naturalWidth > 0) setDeveloped((now) => now ?? "");
        }}
        src={media.thumbUrl}
        srcSet={
          small < large && sizes !== undefined ? `${media.thumbUrl} ${small}w, ${media.posterUrl} ${large}w` : undefined
        }
        sizes={sizes}
        alt={alt}
        draggable={false}
        decoding="async"
        onLoad={() => setDeveloped((now) => now ?? "now")}
        data-developed={developed ?? undefined}
        className="develops absolute inset-0 size-full object-cover"
      />
    </div>
  );
}

/** The longer side of the two previews that the studio makes. */
const THUMB_PIXELS = 720;
const POSTER_PIXELS = 1600;
