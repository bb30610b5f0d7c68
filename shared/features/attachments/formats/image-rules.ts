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
  /** Whether the codecs can decode this kind. If not, the file has no thumbnail. */
  readonly decodable: boolean;
}

/**
 * A decoded picture needs 4 bytes per pixel. The limit fits in the function's memory and exceeds the photos of phones.
 */
export const mostPixels = 50_000_000;
export const longestSide = 16_384;

/**
 * The maximum pixels that a viewer draws for one file: in all scans of a progressive JPEG, or in all frames of an
 * animation. Allows a 50-megapixel JPEG with 20 scans, or a Full HD animation with 480 frames.
 */
export const mostDrawnPixels = 20 * mostPixels;

/** The picture, or the work to draw it, exceeds the limits. */
export class TooManyPixels extends Error {}

/** Rejects a size before any allocation, because a small file can claim billions of pixels. */
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

/** Width and height after the picture is turned. */
export function shownSize({ width, height, orientation }: CleanImage): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
