import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstFrame } from './gif-frame.ts';
import { readGif } from './gif-rules.ts';
import { gifOf } from './picture-samples.ts';

const colours = [
  [0, 0, 0, 255],
  [255, 0, 0, 255],
  [0, 255, 0, 255],
  [0, 0, 255, 255],
];

function pixelAt(picture: ReturnType<typeof firstFrame>, x: number, y: number): readonly number[] {
  const at = (y * picture.width + x) * 4;
  return [...picture.data.subarray(at, at + 4)];
}

describe('firstFrame', () => {
  it('draws any encoded picture, with codes of growing length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }), fc.nat(), (width, height, seed) => {
        const pixels = Array.from({ length: width * height }, (_, at) => ((at * (seed % 97)) ^ (at >> (seed % 7))) & 3);
        const picture = firstFrame(readGif(gifOf([width, height], [{ width, height, pixels }])).bytes);
        pixels.forEach((pixel, at) => {
          expect(pixelAt(picture, at % width, Math.floor(at / width))).toEqual(colours[pixel]);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('draws a picture that needs more codes than the table can hold', () => {
    const [width, height] = [200, 200];
    let random = 1;
    const pixels = Array.from({ length: width * height }, () => (random = (random * 48_271) % 2_147_483_647) & 3);
    const picture = firstFrame(readGif(gifOf([width, height], [{ width, height, pixels }])).bytes);
    expect(
      pixels.every((pixel, at) => pixelAt(picture, at % width, Math.floor(at / width))[0] === colours[pixel]?.[0]),
    ).toBe(true);
  });

  it('draws the rows of an interlaced frame in the right order', () => {
    const rows = [0, 8, 4, 2, 6, 1, 3, 5, 7];
    const frame = { width: 1, height: 9, isInterlaced: true, pixels: rows.map((row) => row & 3) };
    const picture = firstFrame(readGif(gifOf([1, 9], [frame])).bytes);
    for (const row of rows) expect(pixelAt(picture, 0, row)).toEqual(colours[row & 3]);
  });

  it('keeps the area around a frame and its transparent pixels transparent', () => {
    const control = Uint8Array.of(0x21, 0xf9, 4, 1, 0, 0, 2, 0);
    const frame = { left: 1, top: 1, width: 2, height: 1, pixels: [1, 2] };
    const picture = firstFrame(readGif(gifOf([4, 3], [frame], { before: [control] })).bytes);
    expect(pixelAt(picture, 1, 1)).toEqual(colours[1]);
    expect(pixelAt(picture, 2, 1)[3]).toBe(0);
    expect(pixelAt(picture, 0, 0)[3]).toBe(0);
  });

  it('enlarges the canvas when the first frame exceeds it', () => {
    const picture = firstFrame(readGif(gifOf([1, 1], [{ width: 3, height: 2 }])).bytes);
    expect([picture.width, picture.height]).toEqual([3, 2]);
  });
});
