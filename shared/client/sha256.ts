/**
 * SHA-256 (FIPS 180-4) of texts that begin with the same characters, for the proof of work. WebCrypto is asynchronous
 * and ten times as slow for short texts, and missing on pages over plain HTTP.
 *
 * @param prefix the common start, in ASCII.
 * @returns the first 32 bits of the hash of the prefix with an ending in ASCII.
 */
export function sha256Of(prefix: string): (ending: string) => number {
  const whole = Math.floor(prefix.length / blockBytes) * blockBytes;
  const start = Int32Array.from(initial);
  for (let offset = 0; offset < whole; offset += blockBytes) compress(start, bytesOf(prefix.slice(offset)), 0);
  const rest = prefix.slice(whole);
  const state = new Int32Array(8);
  return (ending) => {
    const tail = rest + ending;
    const blocks = Math.ceil((tail.length + 9) / blockBytes);
    const bytes = bytesOf(tail, blocks * blockBytes);
    bytes[tail.length] = 0x80;
    new DataView(bytes.buffer).setUint32(bytes.length - 4, (whole + tail.length) * 8);
    state.set(start);
    for (let block = 0; block < blocks; block += 1) compress(state, bytes, block * blockBytes);
    return (state[0] ?? 0) >>> 0;
  };
}

const blockBytes = 64;
const rounds = 64;

/** The first 32 bits of the fractional part. */
const fraction = (value: number): number => ((value - Math.floor(value)) * 2 ** 32) | 0;
const primes = Array.from({ length: 312 }, (_, number) => number).filter(
  (number) =>
    number > 1 &&
    !Array.from({ length: number }, (_, divisor) => divisor).some((divisor) => divisor > 1 && number % divisor === 0),
);
/** FIPS 180-4, sections 4.2.2 and 5.3.3: fractions of the cube and square roots of the first primes. */
const constants = Int32Array.from(primes.slice(0, rounds), (prime) => fraction(Math.cbrt(prime)));
const initial = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

const schedule = new Int32Array(rounds);

function compress(state: Int32Array, bytes: Uint8Array, offset: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  for (let round = 0; round < 16; round += 1) schedule[round] = view.getInt32(round * 4);
  for (let round = 16; round < rounds; round += 1) {
    const near = schedule[round - 2] ?? 0;
    const far = schedule[round - 15] ?? 0;
    const one = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10);
    const zero = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3);
    schedule[round] = (one + (schedule[round - 7] ?? 0) + zero + (schedule[round - 16] ?? 0)) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let round = 0; round < rounds; round += 1) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first =
      (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + (constants[round] ?? 0) + (schedule[round] ?? 0)) |
      0;
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, index) => {
    state[index] = ((state[index] ?? 0) + value) | 0;
  });
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function bytesOf(text: string, length = text.length): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
