import { type AttachmentType, extensionOf, extensions } from '../../contract/schemas/attachment-types.ts';
import { withoutHidden } from '../../contract/schemas/text.ts';

/** The limit of file systems, in bytes of UTF-8. */
export const longestName = 255;
/** Control characters, line and paragraph separators, and characters that file systems reject. */
const refused = /[\p{Cc}\p{Zl}\p{Zp}"<>:|?*]/gu;
/**
 * Names of devices, which Windows opens regardless of the extension.
 * https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
 */
const device = /^(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?=\s*(?:\.|$))/i;

/**
 * Makes a file name safe to show and to save. A safe name stays unchanged.
 *
 * - It has no folders, and at most 255 bytes in UTF-8, including the extension.
 * - It has no invisible characters, except those that a script or an emoji needs, and no direction marks, which show
 * `exe.jpg` as `gpj.exe` (U+202E).
 * - It has an extension of its type: `run.hta` becomes `run.hta.txt`.
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

/** Names a file whose type differs from the announced one: `photo.jpg` becomes `photo.webp`. */
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
 * The header that names a download (RFC 6266): in ASCII for old clients, and complete as in RFC 8187.
 * @param mode - use `inline` only for types that a browser shows without running anything.
 */
export function contentDisposition(mode: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${mode}; filename="${ascii}"; filename*=UTF-8''${whole}`;
}
