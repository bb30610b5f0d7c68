/** The file ends too early, or says of itself what cannot be. Thrown by the readers of formats, caught by `inspect`. */
export class DamagedFile extends Error {}

/** Bytes of a file to be read at places that the file itself names: each read is checked against the end. */
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

  uint24(at: number): number {
    return this.byte(at) | (this.byte(at + 1) << 8) | (this.byte(at + 2) << 16);
  }

  uint32(at: number, littleEndian = false): number {
    this.#need(at, 4);
    return this.#view.getUint32(at, littleEndian);
  }

  /** As a number: no file of ours needs more than 53 bits. */
  uint64(at: number, littleEndian = false): number {
    this.#need(at, 8);
    return Number(this.#view.getBigUint64(at, littleEndian));
  }

  float(at: number, size: 4 | 8): number {
    this.#need(at, size);
    return size === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }

  /** Bytes as Latin-1 text: signatures and names of parts. */
  text(at: number, length: number): string {
    this.#need(at, length);
    return latin1(this.bytes.subarray(at, at + length));
  }

  /** Whether this text stands there; past the end it does not. */
  has(text: string, at = 0): boolean {
    return at >= 0 && at + text.length <= this.length && this.text(at, text.length) === text;
  }

  slice(start: number, end: number): Uint8Array {
    if (end < start) throw new DamagedFile('A part has a negative length');
    this.#need(start, end - start);
    return this.bytes.subarray(start, end);
  }

  #need(at: number, count: number): void {
    if (!(at >= 0 && at + count <= this.length)) throw new DamagedFile('The file ends too early');
  }
}

export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
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

export function littleEndian32(value: number): Uint8Array {
  return bigEndian32(value).reverse();
}
