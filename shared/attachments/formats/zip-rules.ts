import { ByteReader, DamagedFile } from './byte-rules.ts';

/** Limits of archives that nobody needs to be afraid of. */
const mostEntries = 1000;
const highestRatio = 100;
/** Small files compress well without harm. */
const harmlessBytes = 10 * 1024 * 1024;
const largestContent = 1024 * 1024 * 1024;

const endOfDirectory = 'PK\x05\x06';
const directoryEntry = 'PK\x01\x02';
const localEntry = 'PK\x03\x04';
const symbolicLink = 0o120000;
const kindOfFile = 0o170000;

export interface Archive {
  readonly names: readonly string[];
  /** Whether unpacking it might do harm: too much, outside of its folder, or links. */
  readonly isUnsafe: boolean;
}

/** Reads the directory of a ZIP file (APPNOTE 6.3.10). It must be all that there is: nothing before it, nothing after it. */
export function readZip(bytes: Uint8Array): Archive {
  const reader = new ByteReader(bytes);
  const end = endRecord(reader);
  const count = reader.uint16(end + 10, true);
  const directory = reader.uint32(end + 16, true);
  const isEmpty = count === 0;
  if (!isEmpty && !reader.has(localEntry)) throw new DamagedFile('Something stands before the archive');
  if (directory + reader.uint32(end + 12, true) !== end) throw new DamagedFile('The directory is out of place');
  const names: string[] = [];
  let packed = 0;
  let unpacked = 0;
  let isUnsafe = count > mostEntries;
  let at = directory;
  for (let index = 0; index < count; index += 1) {
    if (!reader.has(directoryEntry, at)) throw new DamagedFile('The directory is damaged');
    const nameLength = reader.uint16(at + 28, true);
    const name = reader.text(at + 46, nameLength);
    names.push(name);
    packed += reader.uint32(at + 20, true);
    unpacked += reader.uint32(at + 24, true);
    const mode = reader.uint16(at + 40, true);
    isUnsafe ||= leavesFolder(name) || (mode & kindOfFile) === symbolicLink || isArchive(name);
    at += 46 + nameLength + reader.uint16(at + 30, true) + reader.uint16(at + 32, true);
  }
  if (at !== end) throw new DamagedFile('The directory is damaged');
  isUnsafe ||= unpacked > largestContent || (unpacked > harmlessBytes && unpacked > packed * highestRatio);
  return { names, isUnsafe };
}

/** The record stands last, with its comment counted in it. */
function endRecord(reader: ByteReader): number {
  for (let at = reader.length - 22; at >= Math.max(0, reader.length - 22 - 0xffff); at -= 1) {
    if (reader.has(endOfDirectory, at) && at + 22 + reader.uint16(at + 20, true) === reader.length) return at;
  }
  throw new DamagedFile('No archive');
}

function leavesFolder(name: string): boolean {
  return /^[/\\]|^[A-Za-z]:|\0/.test(name) || name.split(/[/\\]/).includes('..');
}

/** Archives in archives can be small however large they grow. */
function isArchive(name: string): boolean {
  return /\.(zip|jar|7z|rar|gz|tgz|bz2|xz|zst)$/i.test(name);
}
