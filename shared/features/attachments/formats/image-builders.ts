import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import { bigEndian32, bytesOf, joined, littleEndian32 } from './byte-rules.ts';
import { chunk, pngSignature } from './png-rules.ts';

/** Left half red, right half blue. */

type Bytes = Uint8Array<ArrayBuffer>;
const require = createRequire(import.meta.url);

export function codec(path: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(require.resolve(path)));
}

export function halves(width: number, height: number) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at += 1) {
    data.set(at % width < width / 2 ? [255, 0, 0, 255] : [0, 0, 255, 255], at * 4);
  }
  return { width, height, data };
}

export interface ImageExtras {
  readonly orientation?: number;
  readonly comment?: string;
  readonly trailing?: string;
}

export const gpsPosition = 'N48.8584 E2.2945';

function copied(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

export function exif(orientation: number): Uint8Array {
  const entry = (tag: number, type: number, count: number, value: number) =>
    joined([Uint8Array.of(tag & 255, tag >> 8, type, 0), littleEndian32(count), littleEndian32(value)]);
  const text = bytesOf(`${gpsPosition}\0`);
  const gpsAt = 8 + 2 + 2 * 12 + 4;
  const textAt = gpsAt + 2 + 12 + 4;
  return joined([
    bytesOf('II*\0'),
    littleEndian32(8),
    Uint8Array.of(2, 0),
    entry(0x0112, 3, 1, orientation),
    entry(0x8825, 4, 1, gpsAt),
    littleEndian32(0),
    Uint8Array.of(1, 0),
    entry(0x001b, 7, text.length, textAt),
    littleEndian32(0),
    text,
  ]);
}

export function segment(marker: number, content: Uint8Array): Uint8Array {
  const length = content.length + 2;
  return joined([Uint8Array.of(0xff, marker, length >> 8, length & 255), content]);
}

export async function jpegFile(width: number, height: number, extras: ImageExtras = {}): Promise<Bytes> {
  const { default: encode, init } = (await import('@jsquash/jpeg/encode.js')) as {
    default: (picture: object, options: object) => Promise<ArrayBuffer>;
    init: (module: WebAssembly.Module) => Promise<void>;
  };
  await init(codec('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
  const plain = new Uint8Array(await encode(halves(width, height), { quality: 90 }));
  const { orientation, comment, trailing } = extras;
  return copied(
    joined([
      plain.subarray(0, 2),
      ...(orientation === undefined
        ? []
        : [
            segment(0xe1, joined([bytesOf('Exif\0\0'), exif(orientation)])),
            segment(0xe1, bytesOf(`http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${gpsPosition}</x:xmpmeta>`)),
          ]),
      ...(comment === undefined ? [] : [segment(0xfe, bytesOf(comment))]),
      plain.subarray(2),
      bytesOf(trailing ?? ''),
    ]),
  );
}

/** @param claimed - the size in the header, if it differs. */
export function pngFile(
  width: number,
  height: number,
  extras: ImageExtras = {},
  claimed: readonly [number, number] = [width, height],
): Bytes {
  const { data } = halves(width, height);
  const rows = Array.from({ length: height }, (_, y) =>
    joined([Uint8Array.of(0), new Uint8Array(data.subarray(y * width * 4, (y + 1) * width * 4))]),
  );
  const { orientation, comment, trailing } = extras;
  return copied(
    joined([
      bytesOf(pngSignature),
      chunk('IHDR', joined([bigEndian32(claimed[0]), bigEndian32(claimed[1]), Uint8Array.of(8, 6, 0, 0, 0)])),
      ...(orientation === undefined ? [] : [chunk('eXIf', exif(orientation))]),
      ...(comment === undefined ? [] : [chunk('tEXt', bytesOf(`Comment\0${comment}`))]),
      chunk('IDAT', deflateSync(joined(rows))),
      chunk('IEND', new Uint8Array(0)),
      bytesOf(trailing ?? ''),
    ]),
  );
}

/** 2 × 2 pixels. */
export function gifFile({ comment, trailing }: ImageExtras = {}, header = 'GIF89a\x02\0\x02\0'): Bytes {
  const block = (text: string) => joined([Uint8Array.of(text.length), bytesOf(text)]);
  return copied(
    joined([
      bytesOf(header),
      Uint8Array.of(0x80, 0, 0, 255, 0, 0, 0, 0, 255),
      ...(comment === undefined ? [] : [Uint8Array.of(0x21, 0xfe), block(comment), Uint8Array.of(0)]),
      Uint8Array.of(0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 3, 0x44, 0x34, 0x05, 0, 0x3b),
      bytesOf(trailing ?? ''),
    ]),
  );
}

export async function webpFile(width: number, height: number, extras: ImageExtras = {}): Promise<Bytes> {
  const { default: encode, init } = await import('@jsquash/webp/encode.js');
  await init(codec('@jsquash/webp/codec/enc/webp_enc.wasm'));
  const plain = new Uint8Array(await encode(halves(width, height), { quality: 90 }));
  const { orientation, trailing } = extras;
  if (orientation === undefined) return copied(joined([plain, bytesOf(trailing ?? '')]));
  const side = (value: number) => littleEndian32(value - 1).subarray(0, 3);
  const riffChunk = (name: string, content: Uint8Array) =>
    joined([bytesOf(name), littleEndian32(content.length), content, new Uint8Array(content.length % 2)]);
  const body = joined([
    bytesOf('WEBP'),
    riffChunk('VP8X', joined([Uint8Array.of(0x0c, 0, 0, 0), side(width), side(height)])),
    plain.subarray(12),
    riffChunk('EXIF', exif(orientation)),
    riffChunk('XMP ', bytesOf(gpsPosition)),
  ]);
  return copied(joined([bytesOf('RIFF'), littleEndian32(body.length), body, bytesOf(trailing ?? '')]));
}
