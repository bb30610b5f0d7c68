import { bigEndian32, bytesOf, joined, littleEndian32 } from './byte-rules.ts';
import { oggChecksum } from './ogg-comment-rules.ts';

type Bytes = Uint8Array<ArrayBuffer>;

function copied(parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(joined(parts));
}

function text(value: string): Uint8Array {
  return bytesOf(value);
}

/** 8 kHz, 8 bits, one channel. */
export function wavHead(samples: number): Bytes {
  const format = Uint8Array.of(1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0);
  const chunks = [text('WAVE'), text('fmt '), littleEndian32(16), format, text('data'), littleEndian32(samples)];
  return copied([text('RIFF'), littleEndian32(36 + samples), ...chunks]);
}

export function wavFile(milliseconds: number): Bytes {
  const samples = new Uint8Array(milliseconds * 8);
  return copied([wavHead(samples.length), samples]);
}

export interface OggPage {
  readonly serial?: number;
  /** 2 begins a stream, 4 ends it. */
  readonly flags?: number;
  readonly position?: number;
  readonly packets: readonly Uint8Array[];
}

export function oggPage({ serial = 1, flags = 0, position = 0, packets }: OggPage): Uint8Array {
  const segments = packets.flatMap(({ length }) => [
    ...Array<number>(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
  const head = joined([
    ...[text('OggS'), Uint8Array.of(0, flags), littleEndian32(position), littleEndian32(0)],
    ...[littleEndian32(serial), littleEndian32(0), littleEndian32(0)],
    Uint8Array.of(segments.length, ...segments),
  ]);
  const page = joined([head, ...packets]);
  page.set(littleEndian32(oggChecksum(page)), 22);
  return page;
}

const opusSkipped = 312;

export interface OpusExtras {
  readonly serial?: number;
  /** Milliseconds. */
  readonly cropped?: number;
  readonly comment?: string;
}

/** Packets of 20 ms, 50 per page. */
export function oggFile(milliseconds: number, { serial = 1, cropped = 0, comment = '' }: OpusExtras = {}): Bytes {
  const head = joined([text('OpusHead'), Uint8Array.of(1, 1, opusSkipped & 255, opusSkipped >> 8), new Uint8Array(7)]);
  const tags = joined([
    ...[text('OpusTags'), littleEndian32(4), text('test')],
    ...[littleEndian32(1), littleEndian32(comment.length), text(comment)],
  ]);
  const pages = [oggPage({ serial, flags: 2, packets: [head] }), oggPage({ serial, packets: [tags] })];
  const samples = milliseconds * 48 + opusSkipped;
  const before = cropped * 48;
  for (let done = 0; done < samples;) {
    const packets = Math.min(50, Math.ceil((samples - done) / 960));
    done += packets * 960;
    const position = before + Math.min(samples, done);
    pages.push(oggPage({ serial, position, packets: Array<Uint8Array>(packets).fill(Uint8Array.of(0x08, 0)) }));
  }
  return copied(pages);
}

export function vorbisFile(milliseconds: number, { cropped = 0, comment = '' }: OpusExtras = {}): Bytes {
  const head = joined([text('\x01vorbis'), littleEndian32(0), Uint8Array.of(1), littleEndian32(8000)]);
  const identification = joined([head, new Uint8Array(12), Uint8Array.of(0xb8, 1)]);
  const comments = joined([
    ...[text('\x03vorbis'), littleEndian32(0), littleEndian32(1)],
    ...[littleEndian32(comment.length), text(comment), Uint8Array.of(1)],
  ]);
  const before = cropped * 8;
  const packets = Array<Uint8Array>(Math.ceil((milliseconds * 8) / 1024)).fill(new Uint8Array(10));
  return copied([
    oggPage({ flags: 2, packets: [identification] }),
    oggPage({ packets: [comments] }),
    oggPage({ packets: [text('\x05vorbis')] }),
    oggPage({ position: before + milliseconds * 8, packets }),
  ]);
}

/** 26.12 ms each. */
export function mp3File(frames: number): Bytes {
  const frame = joined([Uint8Array.of(0xff, 0xfb, 0x90, 0x00), new Uint8Array(413)]);
  const tag = joined([text('ID3'), Uint8Array.of(3, 0, 0, 0, 0, 0, 20), new Uint8Array(20)]);
  return copied([tag, ...Array.from({ length: frames }, () => frame)]);
}

export function box(name: string, ...content: readonly Uint8Array[]): Uint8Array {
  const whole = joined(content);
  return joined([bigEndian32(whole.length + 8), text(name), whole]);
}

function movie(duration: number, handler: string, ...more: readonly Uint8Array[]): Uint8Array {
  const times = joined([bigEndian32(0), bigEndian32(0), bigEndian32(0), bigEndian32(1000), bigEndian32(duration)]);
  const name = [new Uint8Array(8), text(handler), new Uint8Array(12), text('SoundHandler\0')];
  const media = box('mdia', box('mdhd', times, new Uint8Array(4)), box('hdlr', ...name));
  return box('moov', box('mvhd', times, new Uint8Array(80)), box('trak', media), ...more);
}

export function mp4File(milliseconds: number, handler = 'soun'): Bytes {
  return copied([box('ftyp', text('M4A \0\0\0\0')), movie(milliseconds, handler), box('mdat', new Uint8Array(100))]);
}

export function fragmentedMp4File(samples: number): Bytes {
  const extended = box('mvex', box('trex', ...[0, 1, 1, 20, 0, 0].map(bigEndian32)));
  const fragment = box(
    'moof',
    box('traf', box('tfhd', bigEndian32(0), bigEndian32(1)), box('trun', bigEndian32(0), bigEndian32(samples))),
  );
  return copied([
    box('ftyp', text('iso5\0\0\0\0')),
    movie(0, 'soun', extended),
    fragment,
    box('mdat', new Uint8Array(9)),
  ]);
}

export function element(id: readonly number[], ...content: readonly Uint8Array[]): Uint8Array {
  const whole = joined(content);
  return joined([
    Uint8Array.from(id),
    Uint8Array.of(0x10 | (whole.length >> 24), ...bigEndian32(whole.length).subarray(1)),
    whole,
  ]);
}

export function webmFile(blocks: number, trackType = 2): Bytes {
  const unknown = Uint8Array.of(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
  const header = element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], text('webm')));
  const tracks = element([0x16, 0x54, 0xae, 0x6b], element([0xae], element([0x83], Uint8Array.of(trackType))));
  const block = (at: number) => element([0xa3], Uint8Array.of(0x81, at >> 8, at & 255, 0x80, 1, 2, 3));
  return copied([
    header,
    Uint8Array.of(0x18, 0x53, 0x80, 0x67),
    unknown,
    tracks,
    Uint8Array.of(0x1f, 0x43, 0xb6, 0x75),
    unknown,
    element([0xe7], Uint8Array.of(0)),
    ...Array.from({ length: blocks }, (_, index) => block(index * 60)),
  ]);
}
