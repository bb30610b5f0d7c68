/** What is left of an image once it says nothing but its picture. */
export interface CleanImage {
  /** The same picture without metadata. */
  readonly bytes: Uint8Array;
  /** As stored, before it is turned. */
  readonly width: number;
  readonly height: number;
  /** How it is to be turned, 1 to 8: EXIF 2.32, tag 0x0112. */
  readonly orientation: number;
  /** Whether our decoders read this kind; if not, there is no thumbnail. */
  readonly decodable: boolean;
  /** What was left out although no camera puts it there: comments, and what follows the picture. */
  readonly strange: readonly Uint8Array[];
}

/** A decoded picture takes 4 bytes a pixel: as many as the function's memory bears, and more than phones make. */
export const mostPixels = 50_000_000;
export const longestSide = 16_384;

/** Whether the picture may be decoded at all: a few bytes can claim thousands of millions of pixels. */
export function isTooLarge(width: number, height: number): boolean {
  return width > longestSide || height > longestSide || width * height > mostPixels;
}

/** Width and height as people see them. */
export function shownSize({ width, height, orientation }: CleanImage): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
