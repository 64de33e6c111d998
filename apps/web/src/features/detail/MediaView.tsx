import { DevelopingPicture } from "../../ui/DevelopingPicture.tsx";
import type { Media } from "@reelstate/lifecycle";

/** A picture in full, or a film with the browser's own controls, which seek. */
export function MediaView({ media, name }: { readonly media: Media; readonly name: string }) {
  const aspect = media.width / media.height;
  const isFilm = media.mime.startsWith("video/");
  // A film may be shown larger than it is; a picture is shown pixel for pixel at most.
  const most = isFilm ? [] : [`${media.width}px`];
  return (
    <div className="@container-size grid size-full place-items-center">
      <div
        className="relative overflow-hidden rounded-md"
        style={{ aspectRatio: aspect, width: `min(${["100cqw", `calc(100cqh * ${aspect})`, ...most].join(", ")})` }}
      >
        {isFilm ? (
          // oxlint-disable-next-line jsx-a11y/media-has-caption -- what is generated here has no speech
          <video
            key={media.url}
            src={media.url}
            poster={media.posterUrl}
            controls
            loop
            playsInline
            preload="metadata"
            aria-label={name}
            className="absolute inset-0 size-full bg-black object-contain"
          />
        ) : (
          <DevelopingPicture media={{ ...media, thumbUrl: media.url }} alt={name} className="absolute inset-0" />
        )}
      </div>
    </div>
  );
}
