import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js';
import jpegModule from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import decodePng, { init as initPng } from '@jsquash/png/decode.js';
import pngModule from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm';
import decodeWebp, { init as initWebp } from '@jsquash/webp/decode.js';
import webpModule from '@jsquash/webp/codec/dec/webp_dec.wasm';
import encodeWebp, { init as initEncoder } from '@jsquash/webp/encode.js';
import encoderModule from '@jsquash/webp/codec/enc/webp_enc.wasm';
import type { AttachmentType } from '../../contract/schemas/attachment-types.ts';
import { firstFrame } from './formats/gif-frame.ts';
import type { CleanImage } from './formats/image-rules.ts';
import { fittingSize, type Pixels, shrink, turn } from './thumbnail-rules.ts';

/** The codecs return `ImageData`, which Node does not have. */
class Picture implements Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}
Object.assign(globalThis, { ImageData: (globalThis as { ImageData?: unknown }).ImageData ?? Picture });

const compiled = new Map<Uint8Array, WebAssembly.Module>();

/** Each picture gets its own instance, to release its memory afterwards. */
function moduleOf(bytes: Uint8Array): WebAssembly.Module {
  const cached = compiled.get(bytes);
  if (cached !== undefined) return cached;
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  compiled.set(bytes, module);
  return module;
}

const quality = 75;

/**
 * Upright WebP, at most 320 pixels per side.
 * @throws if the picture cannot be decoded.
 */
export async function thumbnailOf(type: AttachmentType, image: CleanImage): Promise<Uint8Array> {
  const picture = await decode(type, image);
  const small = turn(shrink(picture, fittingSize(picture.width, picture.height)), image.orientation);
  await initEncoder(moduleOf(encoderModule));
  return new Uint8Array(await encodeWebp(small, { quality }));
}

async function decode(type: AttachmentType, { bytes }: CleanImage): Promise<Pixels> {
  const buffer = Uint8Array.from(bytes).buffer;
  switch (type) {
    case 'image/jpeg':
      await initJpeg(moduleOf(jpegModule));
      return decodeJpeg(buffer);
    case 'image/png':
      await initPng(moduleOf(pngModule));
      return decodePng(buffer);
    case 'image/webp':
      await initWebp(moduleOf(webpModule));
      return decodeWebp(buffer);
    case 'image/gif':
      return firstFrame(bytes);
    default:
      throw new Error(`${type} is not a picture`);
  }
}
