import { ByteReader, DamagedFile, FileEnds, partCounter } from './byte-rules.ts';
import { blankComments } from './ogg-comment-rules.ts';
import type { CleanSound } from './sound-rules.ts';

/** RFC 7845, 4. */
const opusRate = 48_000;
const firstPage = 2;
const noPosition = 2 ** 64 - 1;
const mostStreams = 1000;

interface Page {
  readonly at: number;
  readonly content: number;
  readonly end: number;
}

interface Stream {
  readonly rate: number;
  readonly skipped: number;
  /** Two for Opus, three for Vorbis. */
  readonly headers: number;
  readonly samplesAt: (at: number) => number;
  packets: number;
  /** The second packet. */
  readonly comments: Page[];
  /** Not 0 if a recording was cropped. */
  start: number | undefined;
  last: number;
}

/**
 * Ogg (RFC 3533) with Opus (RFC 7845) or Vorbis. Overwrites comments. An incomplete recording ends with its last
 * complete page.
 */
export function readOgg(bytes: Uint8Array): CleanSound {
  const reader = new ByteReader(Uint8Array.from(bytes));
  const countStream = partCounter(mostStreams);
  const streams: Stream[] = [];
  const bySerial = new Map<number, Stream>();
  let at = 0;
  try {
    while (at < reader.length) {
      const page = pageAt(reader, at);
      const serial = reader.uint32(at + 14, true);
      if (reader.byte(at + 5) & firstPage) {
        countStream();
        const begun = streamOf(reader, page);
        streams.push(begun);
        bySerial.set(serial, begun);
      }
      const stream = bySerial.get(serial);
      if (stream === undefined) throw new DamagedFile('a page belongs to no stream');
      addPage(reader, page, stream);
      at = page.end;
    }
  } catch (error) {
    if (!(error instanceof FileEnds && at > 0)) throw error;
  }
  const seconds = streams.reduce(
    (sum, { last, start = 0, skipped, rate }) => sum + Math.max(0, last - start - skipped) / rate,
    0,
  );
  return { bytes: reader.slice(0, at), durationMs: Math.round(seconds * 1000) };
}

function pageAt(reader: ByteReader, at: number): Page {
  if (!reader.has('OggS', at)) {
    if (at > 0 && 'OggS'.startsWith(reader.text(at, Math.min(4, reader.length - at)))) throw new FileEnds();
    throw new DamagedFile(at === 0 ? 'its signature is missing' : 'a page is missing');
  }
  const content = at + 27 + reader.byte(at + 26);
  let end = content;
  for (const length of reader.slice(at + 27, content)) end += length;
  reader.slice(content, end);
  return { at, content, end };
}

function streamOf(reader: ByteReader, { content }: Page): Stream {
  const begun = { packets: 0, comments: [], start: undefined, last: 0 };
  if (reader.has('OpusHead', content)) {
    const skipped = reader.uint16(content + 10, true);
    return { ...begun, rate: opusRate, skipped, headers: 2, samplesAt: (at) => opusSamples(reader, at) };
  }
  if (reader.has('\x01vorbis', content)) {
    const rate = reader.uint32(content + 12, true);
    if (rate === 0) throw new DamagedFile('its sound has no rate');
    const longestBlock = 1 << (reader.byte(content + 28) >> 4);
    return { ...begun, rate, skipped: 0, headers: 3, samplesAt: () => longestBlock / 2 };
  }
  throw new DamagedFile('it contains something other than Opus or Vorbis');
}

function addPage(reader: ByteReader, page: Page, stream: Stream): void {
  let samples = 0;
  let packetAt = page.content;
  let partEnd = page.content;
  for (let segment = page.at + 27; segment < page.content; segment += 1) {
    const length = reader.byte(segment);
    partEnd += length;
    const isLast = length < 255;
    if (stream.packets === 1 && (isLast || segment === page.content - 1)) {
      stream.comments.push({ at: page.at, content: packetAt, end: partEnd });
      if (isLast) blankComments(reader, stream.comments);
    }
    if (!isLast) continue;
    if (stream.packets >= stream.headers && stream.start === undefined && partEnd > packetAt) {
      samples += stream.samplesAt(packetAt);
    }
    stream.packets += 1;
    packetAt = partEnd;
  }
  const position = reader.uint64(page.at + 6, true);
  if (position === noPosition) return;
  if (samples > 0) stream.start = Math.max(0, position - samples);
  stream.last = Math.max(stream.last, position);
}

/** At 48 kHz: RFC 6716, 3.1 and 3.2. */
function opusSamples(reader: ByteReader, at: number): number {
  const first = reader.byte(at);
  const configuration = first >> 3;
  const frame =
    configuration < 12
      ? [480, 960, 1920, 2880][configuration & 3]
      : configuration < 16
        ? [480, 960][configuration & 1]
        : [120, 240, 480, 960][configuration & 3];
  const frames = [1, 2, 2, reader.bytes[at + 1] ?? 0][first & 3] ?? 0;
  return (frame ?? 0) * (frames & 63);
}
