import { type AttachmentType, extensionOf, extensions } from '../../contract/schemas/attachment-types.ts';
import { withoutHidden } from '../../contract/schemas/text.ts';

/** Bytes in UTF-8: the limit of file systems. */
export const longestName = 255;
/** Controls, line and paragraph separators, and characters that file systems reject. */
const refused = /[\p{Cc}\p{Zl}\p{Zp}"<>:|?*]/gu;
/**
 * Names of devices, which Windows opens with any extension
 * (https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file).
 */
const device = /^(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?=\s*(?:\.|$))/i;

/**
 * A file's name that is safe to show and to save: without folders, without invisible characters except those that a
 * script or an emoji needs, without direction marks that show `exe.jpg` as `gpj.exe` (U+202E), with an extension of its
 * type (`run.hta` becomes `run.hta.txt`), and with at most 255 bytes in UTF-8, extension included. A safe name stays
 * unchanged.
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

/** The name of a file whose type differs from the announced one: `photo.jpg` becomes `photo.webp`. */
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
    // The cut may leave a joiner or a tag without its character.
    kept = withoutHidden(kept.slice(0, end));
  }
  return `${kept.replace(/[\s.]+$/, '')}.${extension}`;
}

/**
 * The header that names a download (RFC 6266): the name in ASCII for old readers, and whole as RFC 8187 writes it.
 * @param mode - `inline` only for what a browser shows without running anything.
 */
export function contentDisposition(mode: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${mode}; filename="${ascii}"; filename*=UTF-8''${whole}`;
}
