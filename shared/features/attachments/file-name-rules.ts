import { type AttachmentType, extensionOf, extensions } from '../../contract/schemas/attachment-types.ts';
import { withoutHidden } from '../../contract/schemas/text.ts';

/** Bytes of UTF-8, the limit of file systems. */
export const longestName = 255;
/** Control characters, separators, and characters that file systems reject. */
const refused = /[\p{Cc}\p{Zl}\p{Zp}"<>:|?*]/gu;
/**
 * Windows opens these devices regardless of the extension.
 * https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
 */
const device = /^(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?=\s*(?:\.|$))/i;

/**
 * Makes a file name safe to show and to save. A safe name stays unchanged.
 *
 * - No folders, and at most 255 bytes in UTF-8.
 * - No needless invisible characters, and no direction marks: U+202E shows `exe.jpg` as `gpj.exe`.
 * - An extension of its type: `run.hta` becomes `run.hta.txt`.
 */
export function safeName(name: string, type: AttachmentType): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const cleaned = withoutHidden(last.replace(refused, ''))
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .replace(device, '_$&');
  const extension = extensionOf(cleaned);
  return extension !== undefined && extensions[type].includes(extension)
    ? joinedName(cleaned.slice(0, -extension.length - 1), cleaned.slice(-extension.length))
    : joinedName(cleaned, extensions[type][0] ?? '');
}

/** `photo.jpg` becomes `photo.webp`. */
export function nameForType(name: string, announced: AttachmentType, type: AttachmentType): string {
  if (announced === type) return name;
  const extension = extensionOf(name);
  const isOfAnnounced = extension !== undefined && extensions[announced].includes(extension);
  return safeName(isOfAnnounced ? name.slice(0, -extension.length - 1) : name, type);
}

function joinedName(start: string, extension: string): string {
  const room = longestName - extension.length - 1;
  let kept = start === '' ? 'file' : start;
  if (Buffer.byteLength(kept) > room) {
    let length = 0;
    let end = 0;
    for (const letter of kept) {
      length += Buffer.byteLength(letter);
      if (length > room) break;
      end += letter.length;
    }
    // The cut may leave a lone joiner or tag.
    kept = withoutHidden(kept.slice(0, end));
  }
  return `${kept.replace(/[\s.]+$/, '')}.${extension}`;
}

/**
 * The header of a download (RFC 6266, RFC 8187).
 * @param mode - `inline` only for types that a browser shows without running anything.
 */
export function contentDisposition(mode: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${mode}; filename="${ascii}"; filename*=UTF-8''${whole}`;
}
