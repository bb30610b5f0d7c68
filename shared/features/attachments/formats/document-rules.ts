import { isUtf8 } from 'node:buffer';
import { bufferOf, DamagedFile } from './byte-rules.ts';
import { type Entry, textOf, UnsafeArchive } from './zip-rules.ts';

/** PDF readers search these bytes for the header. */
const longestStart = 1024;

/**
 * ISO 32000-2, 7.5. Only a byte order mark and blank lines may precede the header. Leaves out data after the last end
 * mark.
 */
export function readPdf(bytes: Uint8Array): Uint8Array {
  const buffer = bufferOf(bytes);
  if (!/^(?:\xef\xbb\xbf)?[\s\0]*%PDF-[12]\.\d/.test(buffer.toString('latin1', 0, longestStart))) {
    throw new DamagedFile('its signature is missing');
  }
  const last = buffer.lastIndexOf('%%EOF', undefined, 'latin1');
  if (last < 0) throw new DamagedFile('its end mark is missing');
  let end = last + 5;
  while ([0, 9, 10, 12, 13, 32].includes(bytes[end] ?? -1)) end += 1;
  return bytes.subarray(0, end);
}

/** Undefined for an older encoding of 256 characters, which the bytes do not identify. */
export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be' | undefined;

/** Bell to carriage return, and escape: terminal logs contain them. */
const controlOfTexts = (byte: number) => (byte >= 7 && byte <= 0x0d) || byte === 0x1b;

/** UTF-16 requires a byte order mark. DOS programs end a text with U+001A. */
export function charsetOf(bytes: Uint8Array): Charset {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff) {
    const charset = mark === 0xfffe ? 'utf-16le' : 'utf-16be';
    checkUtf16(bytes, charset);
    return charset;
  }
  const end = bytes.at(-1) === 0x1a ? bytes.length - 1 : bytes.length;
  for (const byte of bytes.subarray(0, end)) {
    if (byte < 0x20 && !controlOfTexts(byte)) {
      throw new DamagedFile('it contains control characters that texts do not have; save it as UTF-8');
    }
  }
  return isUtf8(bytes) ? 'utf-8' : undefined;
}

function checkUtf16(bytes: Uint8Array, charset: string): void {
  const low = charset === 'utf-16le' ? 0 : 1;
  for (let at = 2; at + 1 < bytes.length; at += 2) {
    const letter = (bytes[at + low] ?? 0) + 256 * (bytes[at + 1 - low] ?? 0);
    if (letter < 7) throw new DamagedFile('it contains control characters that texts do not have; save it as UTF-8');
  }
  if (bytes.length % 2 === 1) throw new DamagedFile('it ends within a letter');
}

const office = 'application/vnd.openxmlformats-officedocument';
export const officeTypes = [
  `${office}.wordprocessingml.document`,
  `${office}.spreadsheetml.sheet`,
  `${office}.presentationml.presentation`,
] as const;
export type OfficeType = (typeof officeTypes)[number];

/**
 * Depends on the list of content types (ECMA-376, part 2), because the main part may have any name. Undefined for other
 * archives.
 *
 * @throws UnsafeArchive if the list names programs.
 */
export function officeTypeOf(bytes: Uint8Array, entries: readonly Entry[]): OfficeType | undefined {
  const list = textOf(bytes, entries, '[Content_Types].xml');
  if (list === undefined) return undefined;
  if (/macroEnabled|vbaProject|activeX/i.test(list)) throw new UnsafeArchive('it contains macros or other programs');
  return officeTypes.find((type) => list.includes(`"${type}.main+xml"`) || list.includes(`'${type}.main+xml'`));
}
