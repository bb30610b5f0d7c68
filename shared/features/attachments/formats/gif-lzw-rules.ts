import { DamagedFile } from './byte-rules.ts';

const mostCodes = 4096;

/**
 * GIF89a, appendix F.
 *
 * @param codes - the content of the frame's blocks.
 * @param firstSize - bits per pixel.
 * @param pixels - their number.
 * @param target - receives indices into the colour table.
 * @returns `codes` up to the last pixel, with an end code.
 */
function walk(codes: Uint8Array, firstSize: number, pixels: number, target?: Uint8Array): Uint8Array {
  if (firstSize < 1 || firstSize > 8) throw new DamagedFile('a frame has a wrong number of colours');
  const clear = 1 << firstSize;
  const end = clear + 1;
  const lengths = new Uint32Array(mostCodes).fill(1, 0, clear);
  const prefixes = new Uint16Array(mostCodes);
  const lastPixels = new Uint8Array(mostCodes);
  const firstPixels = new Uint8Array(mostCodes);
  for (let code = 0; code < clear; code += 1) lastPixels[code] = firstPixels[code] = code;
  let size = firstSize + 1;
  let next = end + 1;
  let previous = -1;
  let drawn = 0;
  let bits = 0;
  let held = 0;
  let at = 0;
  while (drawn < pixels) {
    while (held < size) {
      if (at === codes.length) throw new DamagedFile('a frame ends before its last pixel');
      bits |= (codes[at] ?? 0) << held;
      at += 1;
      held += 8;
    }
    const code = bits & ((1 << size) - 1);
    bits >>>= size;
    held -= size;
    if (code === clear) {
      size = firstSize + 1;
      next = end + 1;
      previous = -1;
      continue;
    }
    if (code === end) throw new DamagedFile('a frame ends before its last pixel');
    if (previous === -1 ? code >= clear : code > next) throw new DamagedFile('the data of a frame are damaged');
    if (previous !== -1 && next < mostCodes) {
      prefixes[next] = previous;
      lengths[next] = (lengths[previous] ?? 0) + 1;
      firstPixels[next] = firstPixels[previous] ?? 0;
      lastPixels[next] = firstPixels[code === next ? previous : code] ?? 0;
      next += 1;
      if (next === 1 << size && size < 12) size += 1;
    }
    const length = lengths[code] ?? 0;
    if (target !== undefined) {
      for (let to = drawn + length - 1, from = code; to >= drawn; to -= 1, from = prefixes[from] ?? 0) {
        if (to < pixels) target[to] = lastPixels[from] ?? 0;
      }
    }
    drawn += length;
    previous = code;
  }
  return ended(codes, at, held, size, end);
}

function ended(codes: Uint8Array, at: number, held: number, size: number, end: number): Uint8Array {
  const usedBits = at * 8 - held;
  const result = new Uint8Array(Math.ceil((usedBits + size) / 8));
  result.set(codes.subarray(0, Math.ceil(usedBits / 8)));
  const last = usedBits >> 3;
  const rest = usedBits & 7;
  if (rest > 0) result[last] = (result[last] ?? 0) & ((1 << rest) - 1);
  for (let value = end << rest, index = last; value > 0; value >>>= 8, index += 1) {
    result[index] = (result[index] ?? 0) | (value & 255);
  }
  return result;
}

/** Cuts a frame's compressed data after its last pixel. */
export function endOfCodes(codes: Uint8Array, firstSize: number, pixels: number): Uint8Array {
  return walk(codes, firstSize, pixels);
}

/** Indices into the frame's colour table. */
export function pixelsOf(codes: Uint8Array, firstSize: number, pixels: number): Uint8Array {
  const target = new Uint8Array(pixels);
  walk(codes, firstSize, pixels, target);
  return target;
}
