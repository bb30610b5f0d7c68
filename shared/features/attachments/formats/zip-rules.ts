import { inflateRawSync } from 'node:zlib';
import { ByteReader, bytesOf, DamagedFile } from './byte-rules.ts';
import { inflateRaw, mostInflated } from './zlib-rules.ts';

const mostEntries = 1000;
const highestRatio = 100;
/** Accepts any ratio of compression below this size. */
const harmlessBytes = 10 * 1024 * 1024;
const longestReadText = 4 * 1024 * 1024;

const signature = { directoryEnd: 'PK\x05\x06', directoryEntry: 'PK\x01\x02', local: 'PK\x03\x04' } as const;
const stored = 0;
const deflated = 8;
const flag = { encrypted: 1, sizesBehind: 8 } as const;
const symbolicLink = 0o120000;
const kindOfFile = 0o170000;
const unknown = 0xffffffff;

export interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly at: number;
  readonly isLink: boolean;
}

/** Too much data, paths outside the folder, links, archives or programs. The message is a clause. */
export class UnsafeArchive extends Error {}

/**
 * APPNOTE 6.3.10. Entries and directory must agree and leave no gaps. Inflates entries instead of trusting their
 * declared sizes, except encrypted ones.
 *
 * @throws UnsafeArchive, DamagedFile
 */
export async function readZip(bytes: Uint8Array): Promise<readonly Entry[]> {
  const reader = new ByteReader(bytes);
  const { entries, start } = directoryOf(reader);
  for (const entry of entries) checkName(entry);
  checkGrowth(entries);
  let at = 0;
  for (const entry of [...entries].sort((first, second) => first.at - second.at)) {
    if (entry.at !== at) throw new DamagedFile('it has bytes between its files that belong to no file');
    const data = dataOf(reader, entry);
    if ((entry.flags & flag.encrypted) === 0) await checkSize(entry, data);
    at = endOf(reader, entry, data.byteOffset - bytes.byteOffset + data.length);
  }
  if (at !== start) throw new DamagedFile('it has bytes before its directory that belong to no file');
  return entries;
}

/** Undefined if the entry does not exist or is too long. */
export function textOf(bytes: Uint8Array, entries: readonly Entry[], name: string): string | undefined {
  const entry = entries.find((each) => each.name === name);
  if (entry === undefined || entry.unpacked > longestReadText || entry.flags & flag.encrypted) return undefined;
  const data = dataOf(new ByteReader(bytes), entry);
  const text = entry.method === stored ? data : inflateRawSync(data, { maxOutputLength: longestReadText });
  const isUtf16 = text[0] === 0xff && text[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(text);
}

/** Whether programs could read another format's bytes as an archive. The end record must point to a directory. */
export function endsAsArchive(bytes: Uint8Array): boolean {
  const reader = new ByteReader(bytes);
  const first = Math.max(0, bytes.length - 22 - 0xffff);
  const tail = bytes.subarray(first);
  for (let at = lastOf(tail, tail.length); at >= 0; at = lastOf(tail, at)) {
    if (at + 22 > tail.length) continue;
    const size = reader.uint32(first + at + 12, true);
    if (reader.has(signature.directoryEntry, first + at - size)) return true;
  }
  return false;
}

function lastOf(bytes: Uint8Array, before: number): number {
  const [first, ...others] = bytesOf(signature.directoryEnd);
  for (let at = before - 1; at >= 0; at -= 1) {
    if (bytes[at] === first && others.every((byte, index) => bytes[at + 1 + index] === byte)) return at;
  }
  return -1;
}

function directoryOf(reader: ByteReader): { readonly entries: readonly Entry[]; readonly start: number } {
  const end = endRecord(reader);
  const count = reader.uint16(end + 10, true);
  if (count > mostEntries) throw new UnsafeArchive(`it has more than ${mostEntries} files`);
  const size = reader.uint32(end + 12, true);
  const start = reader.uint32(end + 16, true);
  const entries: Entry[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    entries.push(entryAt(reader, at));
    at += 46 + [28, 30, 32].reduce((length, offset) => length + reader.uint16(at + offset, true), 0);
  }
  // Some programs write another record, for large archives, before the last one.
  const largeRecord = reader.has('PK\x06\x06', at) && reader.has('PK\x06\x07', at + 56) ? 76 : 0;
  if (at !== start + size || at + largeRecord !== end) throw new DamagedFile('its directory is at the wrong position');
  return { entries, start };
}

/** It is last and states the length of its comment. */
function endRecord(reader: ByteReader): number {
  for (let at = reader.length - 22; at >= Math.max(0, reader.length - 22 - 0xffff); at -= 1) {
    if (reader.has(signature.directoryEnd, at) && at + 22 + reader.uint16(at + 20, true) === reader.length) return at;
  }
  throw new DamagedFile('its directory is missing at the end');
}

function entryAt(reader: ByteReader, at: number): Entry {
  if (!reader.has(signature.directoryEntry, at)) throw new DamagedFile('its directory is damaged');
  const nameLength = reader.uint16(at + 28, true);
  const extra = new ByteReader(reader.slice(at + 46 + nameLength, at + 46 + nameLength + reader.uint16(at + 30, true)));
  const [unpacked, packed] = realSizes(extra, [reader.uint32(at + 24, true), reader.uint32(at + 20, true)]);
  return {
    name: reader.text(at + 46, nameLength),
    ...{ flags: reader.uint16(at + 8, true), method: reader.uint16(at + 10, true) },
    ...{ checksum: reader.uint32(at + 16, true), packed, unpacked, at: reader.uint32(at + 42, true) },
    isLink: (reader.uint16(at + 40, true) & kindOfFile) === symbolicLink,
  };
}

/** Some writers always use the field for large files: APPNOTE 4.5.3. */
function realSizes(extra: ByteReader, [unpacked, packed]: readonly [number, number]): readonly [number, number] {
  if (unpacked !== unknown && packed !== unknown) return [unpacked, packed];
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.uint16(at + 2, true)) {
    if (extra.uint16(at, true) !== 1) continue;
    const isUnpackedThere = unpacked === unknown;
    const packedAt = at + 4 + (isUnpackedThere ? 8 : 0);
    return [
      isUnpackedThere ? extra.uint64(at + 4, true) : unpacked,
      packed === unknown ? extra.uint64(packedAt, true) : packed,
    ];
  }
  return [unpacked, packed];
}

function checkName({ name, isLink }: Entry): void {
  // Windows removes trailing dots and spaces. With the lookbehind, the expression reads each run once.
  const parts = name
    .split(/[/\\]/)
    .map((part) => part.replace(/(?<![. ])[. ]+$/, (end) => (end.startsWith('..') ? '..' : '')));
  const last = parts.at(-1) ?? '';
  if (/^[/\\]|^[A-Za-z]:|[\0-\x1f]/.test(name) || parts.includes('..')) {
    throw new UnsafeArchive('the name of a file leads out of its folder');
  }
  if (isLink) throw new UnsafeArchive('it contains a link');
  if (/\.(zip|jar|7z|rar|gz|tgz|bz2|xz|zst)$/i.test(last)) throw new UnsafeArchive('it contains another archive');
  if (/^vbaProject\.bin$/i.test(last) || parts.some((part) => /^activeX$/i.test(part))) {
    throw new UnsafeArchive('it contains macros or other programs');
  }
}

function checkGrowth(entries: readonly Entry[]): void {
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpacked, 0);
  const packed = entries.reduce((sum, entry) => sum + entry.packed, 0);
  if (unpacked > mostInflated) throw new UnsafeArchive('it unpacks to more than 1 GiB');
  if (unpacked > harmlessBytes && unpacked > packed * highestRatio) {
    throw new UnsafeArchive(`it unpacks to more than ${highestRatio} times its size`);
  }
}

/** The local header must agree with the directory. */
function dataOf(reader: ByteReader, entry: Entry): Uint8Array {
  const { at, name, flags, method } = entry;
  if (!reader.has(signature.local, at)) throw new DamagedFile('a file is missing');
  const nameLength = reader.uint16(at + 26, true);
  const start = at + 30 + nameLength + reader.uint16(at + 28, true);
  const compared = flag.encrypted | flag.sizesBehind;
  const says = (size: number, offset: number) => [size, unknown].includes(reader.uint32(at + offset, true));
  const isSame =
    reader.text(at + 30, nameLength) === name &&
    (reader.uint16(at + 6, true) & compared) === (flags & compared) &&
    reader.uint16(at + 8, true) === method &&
    ((flags & flag.sizesBehind) !== 0 || (says(entry.packed, 18) && says(entry.unpacked, 22)));
  if (!isSame) throw new DamagedFile('the entry of a file differs from the directory');
  return reader.slice(start, start + entry.packed);
}

async function checkSize(entry: Entry, data: Uint8Array): Promise<void> {
  if (entry.method !== stored && entry.method !== deflated) {
    throw new DamagedFile('a file is compressed in another way than ZIP programs usually do');
  }
  if (entry.method === stored) {
    if (data.length !== entry.unpacked) throw new DamagedFile('the size of a file is wrong');
    return;
  }
  const { used, inflated } = await inflateRaw(data, entry.unpacked);
  if (inflated > entry.unpacked) throw new UnsafeArchive('a file unpacks to more than its declared size');
  if (inflated !== entry.unpacked || used !== data.length) throw new DamagedFile('the size of a file is wrong');
}

/** Optional sizes of 4 or 8 bytes each may follow, with or without a signature. */
function endOf(reader: ByteReader, { flags, checksum }: Entry, at: number): number {
  if ((flags & flag.sizesBehind) === 0) return at;
  const isSigned = reader.has('PK\x07\x08', at);
  const sums = at + (isSigned ? 4 : 0);
  if (reader.uint32(sums, true) !== checksum) throw new DamagedFile('a checksum is wrong');
  const short = sums + 12;
  const isShort = [signature.local, signature.directoryEntry].some((next) => reader.has(next, short));
  return isShort ? short : sums + 20;
}
