/**
 * The bytes break a rule of their format. The message is a clause; users see it after "It is not a complete file of
 * type …:".
 */
export class DamagedFile extends Error {}

/** The file needs more work than any ordinary file of its size. The message is a clause. */
export class TooComplexFile extends Error {}

/** A 50 MiB PNG in chunks of 8 KiB has 6,400. */
export const mostParts = 20_000;

/** Call the result for each part. It throws {@link TooComplexFile} beyond `most`. */
export function partCounter(most = mostParts): () => void {
  let parts = 0;
  return () => {
    parts += 1;
    if (parts > most) throw new TooComplexFile(`it consists of more than ${most} parts`);
  };
}

/** Checks each read against the end. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  byte(at: number): number {
    this.#need(at, 1);
    return this.#view.getUint8(at);
  }

  uint16(at: number, littleEndian = false): number {
    this.#need(at, 2);
    return this.#view.getUint16(at, littleEndian);
  }

  /** Little-endian. */
  uint24(at: number): number {
    return this.uint16(at, true) | (this.byte(at + 2) << 16);
  }

  uint32(at: number, littleEndian = false): number {
    this.#need(at, 4);
    return this.#view.getUint32(at, littleEndian);
  }

  /** Inexact above 2^53, beyond any file's end. */
  uint64(at: number, littleEndian = false): number {
    this.#need(at, 8);
    return Number(this.#view.getBigUint64(at, littleEndian));
  }

  float(at: number, size: 4 | 8): number {
    this.#need(at, size);
    return size === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }

  /** Latin-1. */
  text(at: number, length: number): string {
    this.#need(at, length);
    return latin1(this.bytes.subarray(at, at + length));
  }

  /** False past the end. */
  has(text: string, at = 0): boolean {
    if (at < 0 || at + text.length > this.length) return false;
    for (let index = 0; index < text.length; index += 1) {
      if (this.bytes[at + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  slice(start: number, end: number): Uint8Array {
    if (end < start) throw new DamagedFile('a part has a negative length');
    this.#need(start, end - start);
    return this.bytes.subarray(start, end);
  }

  #need(at: number, count: number): void {
    if (!(at >= 0 && at + count <= this.length)) throw new FileEnds();
  }
}

/** A part extends beyond the end of the file. */
export class FileEnds extends DamagedFile {
  constructor() {
    super('it ends too early, as after an interrupted transfer');
  }
}

/** Shares the memory. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function latin1(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('latin1');
}

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function bigEndian32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

export function bigEndian16(value: number): Uint8Array {
  return Uint8Array.of((value >>> 8) & 255, value & 255);
}

export function littleEndian32(value: number): Uint8Array {
  return bigEndian32(value).reverse();
}
