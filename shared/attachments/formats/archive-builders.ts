import { bytesOf, joined, littleEndian32 } from './byte-rules.ts';

/** Archives for tests. Their entries are stored as they are; sizes and kinds in the directory can lie. */

export interface Entry {
  readonly name: string;
  readonly text?: string;
  /** What the directory says that it unpacks to. */
  readonly claimed?: number;
  readonly isLink?: boolean;
}

const short = (value: number) => littleEndian32(value).subarray(0, 2);

export function zipFile(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, text = 'x', claimed = text.length, isLink = false } of entries) {
    const sizes = joined([littleEndian32(text.length), littleEndian32(claimed), short(name.length), short(0)]);
    const common = joined([short(20), short(0), short(0), littleEndian32(0), littleEndian32(0), sizes]);
    const file = joined([bytesOf('PK\x03\x04'), common, bytesOf(name), bytesOf(text)]);
    const mode = isLink ? 0o120777 : 0o100644;
    const tail = joined([short(0), short(0), short(0), short(0), short(mode), littleEndian32(at)]);
    directory.push(joined([bytesOf('PK\x01\x02'), short(20), common, tail, bytesOf(name)]));
    files.push(file);
    at += file.length;
  }
  const list = joined(directory);
  const counts = joined([short(0), short(0), short(entries.length), short(entries.length)]);
  const end = joined([bytesOf('PK\x05\x06'), counts, littleEndian32(list.length), littleEndian32(at), short(0)]);
  return new Uint8Array(joined([...files, list, end]));
}

export function docxFile(more: readonly Entry[] = []): Uint8Array<ArrayBuffer> {
  return zipFile([{ name: '[Content_Types].xml' }, { name: 'word/document.xml' }, ...more]);
}
