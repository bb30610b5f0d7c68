import { TooComplexFile } from './byte-rules.ts';

export interface CleanImage {
  /** Without metadata. */
  readonly bytes: Uint8Array;
  /** Before the picture is turned. */
  readonly width: number;
  readonly height: number;
  /** 1 to 8: EXIF 2.32, tag 0x0112. */
  readonly orientation: number;
  /** If not, the file has no thumbnail. */
  readonly decodable: boolean;
}

/** 4 bytes each. They fit in the function's memory and exceed phones' photos. */
export const mostPixels = 50_000_000;
export const longestSide = 16_384;

/** For all scans of a progressive JPEG or all frames of an animation. */
export const mostDrawnPixels = 20 * mostPixels;

export class TooManyPixels extends Error {}

/** Rejects before any allocation: a small file can claim billions of pixels. */
export function checkSize(width: number, height: number): void {
  if (width > longestSide || height > longestSide || width * height > mostPixels) {
    throw new TooManyPixels(`${width} × ${height} pixels`);
  }
}

/** The result throws {@link TooComplexFile} beyond {@link mostDrawnPixels}. */
export function drawnPixels(): (pixels: number) => void {
  let drawn = 0;
  return (pixels) => {
    drawn += pixels;
    if (drawn > mostDrawnPixels) {
      throw new TooComplexFile(`its scans or frames draw more than ${mostDrawnPixels / 1_000_000} million pixels`);
    }
  };
}

/** After the picture is turned. */
export function shownSize({ width, height, orientation }: CleanImage): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
