import { ByteReader, DamagedFile, partCounter } from './byte-rules.ts';
import type { CleanSound } from './sound-rules.ts';

interface Box {
  readonly name: string;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

const containers = new Set('moov trak mdia minf dinf stbl edts mvex moof traf mfra'.split(' '));
/** Players need these (ISO 14496-12). Others contain metadata. */
const needed = new Set([
  ...'ftyp styp sidx ssix mdat mvhd iods tkhd mdhd hdlr smhd nmhd dref elst mehd trex leva'.split(' '),
  ...'stsd stts ctts stsc stsz stz2 stco co64 stss sgpd sbgp subs saiz saio sdtp'.split(' '),
  ...'mfhd tfhd tfdt trun tfra mfro'.split(' '),
]);
/** They begin with times of creation and modification. */
const timed = new Set(['mvhd', 'tkhd', 'mdhd']);
const deepest = 8;

/** Sound without video (ISO 14496-12). Overwrites needless parts with free space, so that offsets stay valid. */
export function readMp4(bytes: Uint8Array): CleanSound {
  const copy = Uint8Array.from(bytes);
  const movie = new Mp4File(new ByteReader(copy));
  movie.clean(0, copy.length, 0);
  return { bytes: copy, durationMs: movie.durationMs() };
}

class Mp4File {
  readonly #reader: ByteReader;
  readonly #countPart = partCounter();
  readonly #handlers: string[] = [];
  #isFirst = true;
  #movie: { readonly scale: number; readonly duration: number } | undefined;
  #soundScale = 0;
  #trackScale = 0;
  #standardDuration = 0;
  #fragmentDuration = 0;
  #fragments = 0;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  clean(start: number, end: number, depth: number): void {
    for (let at = start; at < end;) {
      this.#countPart();
      const box = this.#boxAt(at, end);
      if (this.#isFirst && box.name !== 'ftyp') throw new DamagedFile('its signature is missing');
      this.#isFirst = false;
      if (containers.has(box.name)) {
        if (depth === deepest) throw new DamagedFile('its boxes are nested too deeply');
        this.clean(box.start, box.end, depth + 1);
      } else if (needed.has(box.name)) this.#read(box);
      else this.#blank(box);
      at = box.end;
    }
  }

  /** A live recording states none, so this adds the durations of its fragments. */
  durationMs(): number {
    if (this.#handlers.includes('vide')) throw new DamagedFile('it contains a video, not only sound');
    if (!this.#handlers.includes('soun') || this.#movie === undefined) throw new DamagedFile('it contains no sound');
    const { scale, duration } = this.#movie;
    if (scale > 0 && duration > 0 && duration !== 0xffffffff) return Math.round((duration / scale) * 1000);
    if (this.#soundScale === 0 || this.#fragments === 0) throw new DamagedFile('it contains no sound');
    return Math.round((this.#fragments / this.#soundScale) * 1000);
  }

  #boxAt(at: number, limit: number): Box {
    const reader = this.#reader;
    const short = reader.uint32(at);
    const head = short === 1 ? 16 : 8;
    const length = short === 1 ? reader.uint64(at + 8) : short === 0 ? limit - at : short;
    if (length < head) throw new DamagedFile('a box is shorter than its head');
    if (at + length > limit) throw new DamagedFile('it ends too early, as after an interrupted transfer');
    return { name: reader.text(at + 4, 4), at, start: at + head, end: at + length };
  }

  #blank({ at, start, end }: Box): void {
    this.#reader.bytes.set([0x66, 0x72, 0x65, 0x65], at + 4);
    this.#reader.bytes.fill(0, start, end);
  }

  #read(box: Box): void {
    const content = new ByteReader(this.#reader.slice(box.start, box.end));
    const length = exactLength(box.name, content);
    if (length !== undefined) {
      if (length > content.length) throw new DamagedFile('a box is shorter than its counts say');
      content.bytes.fill(0, length);
    }
    if (timed.has(box.name)) content.bytes.fill(0, 4, content.byte(0) === 1 ? 20 : 12);
    switch (box.name) {
      case 'mvhd':
        this.#movie = times(content);
        break;
      case 'mdhd':
        this.#trackScale = times(content).scale;
        break;
      case 'hdlr':
        this.#handlers.push(content.text(8, 4));
        if (content.has('soun', 8)) this.#soundScale = this.#trackScale;
        break;
      case 'trex':
        this.#standardDuration = content.uint32(12);
        break;
      case 'tfhd':
        this.#fragmentDuration = durationOfSample(content) ?? this.#standardDuration;
        break;
      case 'trun':
        this.#fragments += durationOfRun(content, this.#fragmentDuration);
    }
  }
}

/** Undefined if the reader does not check it. */
function exactLength(name: string, content: ByteReader): number | undefined {
  const isLong = content.bytes[0] === 1;
  const list = (head: number, entry: number) => head + 4 + entry * content.uint32(head);
  switch (name) {
    case 'mvhd':
      return isLong ? 112 : 100;
    case 'tkhd':
      return isLong ? 96 : 84;
    case 'mdhd':
      return isLong ? 36 : 24;
    case 'mehd':
    case 'tfdt':
      return isLong ? 12 : 8;
    case 'hdlr':
      // An arbitrary name follows.
      return 24;
    case 'smhd':
    case 'mfhd':
      return 8;
    case 'trex':
      return 24;
    case 'stts':
    case 'ctts':
    case 'co64':
      return list(4, 8);
    case 'stsc':
      return list(4, 12);
    case 'stco':
    case 'stss':
      return list(4, 4);
    case 'elst':
      return list(4, isLong ? 20 : 12);
    case 'stsz':
      return 12 + (content.uint32(4) === 0 ? 4 * content.uint32(8) : 0);
    default:
      return undefined;
  }
}

function times(content: ByteReader): { readonly scale: number; readonly duration: number } {
  const isLong = content.byte(0) === 1;
  return { scale: content.uint32(isLong ? 20 : 12), duration: isLong ? content.uint64(24) : content.uint32(16) };
}

/** ISO 14496-12, 8.8.7. */
function durationOfSample(content: ByteReader): number | undefined {
  const flags = content.uint32(0) & 0xffffff;
  const at = 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
  return flags & 8 ? content.uint32(at) : undefined;
}

/** ISO 14496-12, 8.8.8. */
function durationOfRun(content: ByteReader, shared: number): number {
  const flags = content.uint32(0) & 0xffffff;
  const count = content.uint32(4);
  if ((flags & 0x100) === 0) return count * shared;
  const entry = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length * 4;
  const first = 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0);
  content.slice(first, first + count * entry);
  let total = 0;
  for (let index = 0; index < count; index += 1) total += content.uint32(first + index * entry);
  return total;
}
