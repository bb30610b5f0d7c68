import { crc32, deflateRawSync } from 'node:zlib';
import { bytesOf, joined, littleEndian32 } from './byte-rules.ts';

export interface Entry {
  readonly name: string;
  readonly text?: string;
  readonly claimed?: number;
  readonly isLink?: boolean;
  readonly isDeflated?: boolean;
  readonly isEncrypted?: boolean;
  readonly localName?: string;
  readonly gap?: string;
  readonly sizesBehind?: 'signed' | 'unsigned';
}

const short = (value: number) => littleEndian32(value).subarray(0, 2);

export function zipFile(entries: readonly Entry[], comment = ''): Uint8Array<ArrayBuffer> {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const entry of entries) {
    const { name, text = 'x', isLink = false, isDeflated = false, isEncrypted = false, sizesBehind } = entry;
    const content = bytesOf(text);
    const data = isDeflated ? deflateRawSync(content) : content;
    const { claimed = content.length, localName = name, gap = '' } = entry;
    const flags = (isEncrypted ? 1 : 0) | (sizesBehind === undefined ? 0 : 8);
    const sums = joined([littleEndian32(crc32(content)), littleEndian32(data.length), littleEndian32(claimed)]);
    const common = joined([short(20), short(flags), short(isDeflated ? 8 : 0), littleEndian32(0)]);
    const lengths = (given: string) => joined([short(given.length), short(0)]);
    const behind = [sizesBehind === 'signed' ? bytesOf('PK\x07\x08') : new Uint8Array(0), sums];
    const file = joined([
      ...[bytesOf('PK\x03\x04'), common, sizesBehind === undefined ? sums : new Uint8Array(12), lengths(localName)],
      ...[bytesOf(localName), data, ...(sizesBehind === undefined ? [] : behind), bytesOf(gap)],
    ]);
    const mode = isLink ? 0o120777 : 0o100644;
    const tail = joined([short(0), short(0), short(0), short(0), short(mode), littleEndian32(at)]);
    directory.push(joined([bytesOf('PK\x01\x02'), short(20), common, sums, lengths(name), tail, bytesOf(name)]));
    files.push(file);
    at += file.length;
  }
  const list = joined(directory);
  const counts = joined([short(0), short(0), short(entries.length), short(entries.length)]);
  const sizes = joined([littleEndian32(list.length), littleEndian32(at), short(comment.length)]);
  return new Uint8Array(joined([...files, list, bytesOf('PK\x05\x06'), counts, sizes, bytesOf(comment)]));
}

const office = 'application/vnd.openxmlformats-officedocument';

/** @param main - the main part's name in the list of content types. */
export function docxFile(more: readonly Entry[] = [], main = 'word/document.xml', type = 'wordprocessingml.document') {
  const text = `<Types><Override PartName="/${main}" ContentType="${office}.${type}.main+xml"/></Types>`;
  return zipFile([{ name: '[Content_Types].xml', text, isDeflated: true }, { name: main }, ...more]);
}
