/**
 * Detects too large frames in a client's byte stream (RFC 6455, section 5.2). API Gateway limits each frame to 32 KB.
 */
export class FrameSizes {
  readonly #limit: number;
  #header: number[] = [];
  #toSkip = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  exceededBy(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, chunk.length - at);
        this.#toSkip -= skipped;
        at += skipped;
        continue;
      }
      this.#header.push(chunk[at] ?? 0);
      at += 1;
      const length = payloadLength(this.#header);
      if (length === undefined) continue;
      if (length > this.#limit) return true;
      const masked = ((this.#header[1] ?? 0) & 0x80) !== 0;
      this.#toSkip = length + (masked ? 4 : 0);
      this.#header = [];
    }
    return false;
  }
}

/** Undefined while the header is incomplete. */
function payloadLength(header: readonly number[]): number | undefined {
  if (header.length < 2) return undefined;
  const short = (header[1] ?? 0) & 0x7f;
  if (short < 126) return short;
  const bytes = short === 126 ? 2 : 8;
  if (header.length < 2 + bytes) return undefined;
  return header.slice(2, 2 + bytes).reduce((length, byte) => length * 256 + byte, 0);
}
