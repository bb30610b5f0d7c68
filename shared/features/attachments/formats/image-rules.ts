import { TooComplexFile } from './byte-rules.ts';

/** An image rebuilt from the parts that show its picture. */
export interface CleanImage {
  /** The same picture without metadata. */
  readonly bytes: Uint8Array;
  /** As stored, before it is turned. */
  readonly width: number;
  readonly height: number;
  /** The orientation, 1 to 8: EXIF 2.32, tag 0x0112. */
  readonly orientation: number;
  /** Whether our decoders read this kind; if not, there is no thumbnail. */
  readonly decodable: boolean;
}

/** A decoded picture takes 4 bytes a pixel. The limit fits the function's memory and exceeds the photos of phones. */
export const mostPixels = 50_000_000;
export const longestSide = 16_384;

/**
 * Pixels that a viewer draws for one file: those of all scans of a progressive JPEG, of all frames of an animation.
 * A 50-megapixel JPEG may have 20 scans, a Full HD animation 480 frames.
 */
export const mostDrawnPixels = 20 * mostPixels;

/** The picture, or the work to draw it, exceeds the limits. */
export class TooManyPixels extends Error {}

/** Rejects a size before any allocation. A file of few bytes can claim billions of pixels. */
export function checkSize(width: number, height: number): void {
  if (width > longestSide || height > longestSide || width * height > mostPixels) {
    throw new TooManyPixels(`${width} × ${height} pixels`);
  }
}

/** Returns a function that adds up drawn pixels and throws {@link TooComplexFile} beyond {@link mostDrawnPixels}. */
export function drawnPixels(): (pixels: number) => void {
  let drawn = 0;
  return (pixels) => {
    drawn += pixels;
    if (drawn > mostDrawnPixels) {
      throw new TooComplexFile(`its scans or frames draw more than ${mostDrawnPixels / 1_000_000} million pixels`);
    }
  };
}

/** Width and height as people see them. */
export function shownSize({ width, height, orientation }: CleanImage): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
