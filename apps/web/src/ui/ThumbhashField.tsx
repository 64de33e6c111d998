import { useEffect, useRef } from "react";
import { thumbHashToRGBA } from "thumbhash";

/** A ThumbHash painted on a canvas of its own few pixels: the soft field from which a picture develops. */
export function ThumbhashField({ thumbhash }: { readonly thumbhash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const picture = decoded(thumbhash);
    const context = canvas.current?.getContext("2d");
    if (canvas.current === null || picture === null || !context) return;
    canvas.current.width = picture.w;
    canvas.current.height = picture.h;
    context.putImageData(new ImageData(new Uint8ClampedArray(picture.rgba), picture.w, picture.h), 0, 0);
  }, [thumbhash]);
  return <canvas ref={canvas} aria-hidden className="absolute inset-0 size-full" />;
}

function decoded(thumbhash: string): { w: number; h: number; rgba: Uint8Array } | null {
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (char) => char.charCodeAt(0));
    return bytes.length < 5 ? null : thumbHashToRGBA(bytes);
  } catch {
    // A hash that is not one leaves the field plain.
    return null;
  }
}
