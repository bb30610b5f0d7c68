import { ByteReader, DamagedFile } from './byte-rules.ts';

interface Box {
  readonly name: string;
  readonly content: ByteReader;
}

/** Milliseconds of an MP4 file that holds sound and no moving picture (ISO 14496-12), whole or in fragments. */
export function readMp4(bytes: Uint8Array): number {
  const file = boxesOf(new ByteReader(bytes));
  if (file[0]?.name !== 'ftyp') throw new DamagedFile('No MP4');
  const movie = boxesOf(need(file, 'moov').content);
  const tracks = movie.filter(({ name }) => name === 'trak').map(({ content }) => boxesOf(content));
  const handlers = tracks.map((track) => need(mediaOf(track), 'hdlr').content.text(8, 4));
  if (handlers.includes('vide') || !handlers.includes('soun')) throw new DamagedFile('It is no sound');
  const header = need(movie, 'mvhd').content;
  const isLong = header.byte(0) === 1;
  const scale = header.uint32(isLong ? 20 : 12);
  const duration = isLong ? header.uint64(24) : header.uint32(16);
  if (scale > 0 && duration > 0 && duration !== 0xffffffff) return Math.round((duration / scale) * 1000);
  return durationOfFragments(file, movie, tracks[handlers.indexOf('soun')] ?? []);
}

/** What was recorded live does not know its length when it begins. */
function durationOfFragments(file: readonly Box[], movie: readonly Box[], track: readonly Box[]): number {
  const media = need(mediaOf(track), 'mdhd').content;
  const scale = media.uint32(media.byte(0) === 1 ? 20 : 12);
  const extension = movie.find(({ name }) => name === 'mvex');
  const standard = extension && boxesOf(extension.content).find(({ name }) => name === 'trex');
  const standardDuration = standard === undefined ? 0 : standard.content.uint32(12);
  let total = 0;
  for (const fragment of file.filter(({ name }) => name === 'moof')) {
    for (const part of boxesOf(fragment.content).filter(({ name }) => name === 'traf')) {
      total += durationOfFragment(boxesOf(part.content), standardDuration);
    }
  }
  if (scale === 0 || total === 0) throw new DamagedFile('No sound');
  return Math.round((total / scale) * 1000);
}

/** Flags of `tfhd` and `trun`: ISO 14496-12, 8.8.7 and 8.8.8. */
function durationOfFragment(boxes: readonly Box[], standardDuration: number): number {
  const header = need(boxes, 'tfhd').content;
  const flags = header.uint32(0) & 0xffffff;
  const durationAt = 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
  const own = flags & 8 ? header.uint32(durationAt) : standardDuration;
  let total = 0;
  for (const { content } of boxes.filter(({ name }) => name === 'trun')) {
    const runFlags = content.uint32(0) & 0xffffff;
    const count = content.uint32(4);
    const entry = [0x100, 0x200, 0x400, 0x800].filter((flag) => runFlags & flag).length * 4;
    const first = 8 + (runFlags & 1 ? 4 : 0) + (runFlags & 4 ? 4 : 0);
    if ((runFlags & 0x100) === 0) total += count * own;
    else for (let index = 0; index < count; index += 1) total += content.uint32(first + index * entry);
  }
  return total;
}

function mediaOf(track: readonly Box[]): readonly Box[] {
  return boxesOf(need(track, 'mdia').content);
}

function boxesOf(reader: ByteReader): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < reader.length;) {
    const short = reader.uint32(at);
    const name = reader.text(at + 4, 4);
    const head = short === 1 ? 16 : 8;
    const length = short === 1 ? reader.uint64(at + 8) : short === 0 ? reader.length - at : short;
    if (length < head) throw new DamagedFile('A box is shorter than its head');
    boxes.push({ name, content: new ByteReader(reader.slice(at + head, at + length)) });
    at += length;
  }
  return boxes;
}

function need(boxes: readonly Box[], wanted: string): Box {
  const box = boxes.find(({ name }) => name === wanted);
  if (box === undefined) throw new DamagedFile(`There is no ${wanted}`);
  return box;
}
