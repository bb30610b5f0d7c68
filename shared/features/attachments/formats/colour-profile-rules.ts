import { bigEndian32, ByteReader, bytesOf, DamagedFile, joined } from './byte-rules.ts';

/** Bytes. Printers' profiles have up to about 2 MiB. */
export const longestProfile = 4 * 1024 * 1024;

const headLength = 128;
const mostTags = 100;
const colourTags = new Set([
  ...['rXYZ', 'gXYZ', 'bXYZ', 'wtpt', 'bkpt', 'chad', 'rTRC', 'gTRC', 'bTRC', 'kTRC', 'cicp'],
  ...['A2B0', 'A2B1', 'A2B2', 'B2A0', 'B2A1', 'B2A2'],
]);
const spaceOfComponents: Readonly<Record<number, string>> = { 1: 'GRAY', 3: 'RGB ', 4: 'CMYK' };
/** They name programs, makers, models and times: ISO 15076-1, table 17. */
const namingFields = [
  [4, 8],
  [24, 36],
  [40, 44],
  [48, 56],
  [80, 128],
] as const;

/**
 * Rebuilds a colour profile (ISO 15076-1) from its header and the tags that affect colours.
 *
 * @param components - the picture's number of colours: 1, 3 or 4. The profile must have the same.
 * @returns undefined for an unusable profile, which viewers also ignore.
 */
export function cleanProfile(bytes: Uint8Array, components: number): Uint8Array | undefined {
  try {
    return rebuild(new ByteReader(bytes), components);
  } catch (error) {
    if (error instanceof DamagedFile) return undefined;
    throw error;
  }
}

function rebuild(profile: ByteReader, components: number): Uint8Array | undefined {
  if (profile.length > longestProfile || !profile.has('acsp', 36)) return undefined;
  if (profile.text(16, 4) !== spaceOfComponents[components]) return undefined;
  const count = profile.uint32(headLength);
  if (count > mostTags) return undefined;
  const tags = new Map<string, Uint8Array>();
  for (let index = 0; index < count; index += 1) {
    const at = headLength + 4 + index * 12;
    const name = profile.text(at, 4);
    const start = profile.uint32(at + 4);
    if (colourTags.has(name)) tags.set(name, exact(profile.slice(start, start + profile.uint32(at + 8))));
  }
  if (tags.size === 0) return undefined;
  // Tags may share bytes; each gets a copy.
  if ([...tags.values()].reduce((sum, tag) => sum + tag.length, 0) > longestProfile) return undefined;
  const isVersion4 = profile.byte(8) >= 4;
  tags.set('desc', isVersion4 ? localised : description);
  tags.set('cprt', isVersion4 ? localised : copyright);
  return written(profile.slice(0, headLength), tags);
}

function exact(tag: Uint8Array): Uint8Array {
  const reader = new ByteReader(tag);
  switch (reader.text(0, 4)) {
    case 'XYZ ':
      return reader.slice(0, 20);
    case 'sf32':
      return reader.slice(0, 44);
    case 'cicp':
      return reader.slice(0, 12);
    case 'curv':
      return reader.slice(0, 12 + 2 * reader.uint32(8));
    case 'para':
      return reader.slice(0, 12 + 4 * ([1, 3, 4, 5, 7][reader.uint16(8)] ?? 0));
    case 'mft1':
      return reader.slice(0, 48 + lookUpValues(reader, 256, 256));
    case 'mft2':
      return reader.slice(0, 52 + 2 * lookUpValues(reader, reader.uint16(48), reader.uint16(50)));
    default:
      return tag;
  }
}

/** ISO 15076-1, 10.10 and 10.11. */
function lookUpValues(reader: ByteReader, before: number, after: number): number {
  const [inputs, outputs, points] = [reader.byte(8), reader.byte(9), reader.byte(10)];
  return before * inputs + points ** inputs * outputs + after * outputs;
}

function written(head: Uint8Array, tags: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const copy = Uint8Array.from(head);
  for (const [start, end] of namingFields) copy.fill(0, start, end);
  const table: Uint8Array[] = [bigEndian32(tags.size)];
  const data: Uint8Array[] = [];
  let at = headLength + 4 + tags.size * 12;
  for (const [name, tag] of tags) {
    table.push(bytesOf(name), bigEndian32(at), bigEndian32(tag.length));
    const padded = new Uint8Array(Math.ceil(tag.length / 4) * 4);
    padded.set(tag);
    data.push(padded);
    at += padded.length;
  }
  copy.set(bigEndian32(at));
  return joined([copy, ...table, ...data]);
}

const name = 'Colours';
/** Every profile needs a description: a text in version 2, localised texts in version 4. */
const copyright = bytesOf(`text\0\0\0\0${name}\0`);
const description = joined([
  bytesOf('desc\0\0\0\0'),
  bigEndian32(name.length + 1),
  bytesOf(`${name}\0`),
  new Uint8Array(78),
]);
const localised = joined([
  bytesOf('mluc\0\0\0\0'),
  ...[1, 12].map(bigEndian32),
  bytesOf('enUS'),
  ...[name.length * 2, 28].map(bigEndian32),
  bytesOf(Array.from(name, (letter) => `\0${letter}`).join('')),
]);
