/** The service can recognise each by its bytes. */
export const attachmentTypes = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'audio/ogg',
  'audio/webm',
  'audio/mp4',
  'audio/mpeg',
  'audio/wav',
  'application/pdf',
  'text/plain',
  'text/csv',
  'application/zip',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
] as const;
export type AttachmentType = (typeof attachmentTypes)[number];

const office = 'application/vnd.openxmlformats-officedocument';

/** The preferred one first. */
export const extensions: Readonly<Record<AttachmentType, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png', 'apng'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/webm': ['webm', 'weba'],
  'audio/mp4': ['m4a', 'mp4', 'm4b', '3gp'],
  'audio/mpeg': ['mp3'],
  'audio/wav': ['wav'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'text', 'log', 'md', 'markdown', 'json', 'yaml', 'yml', 'srt', 'vtt', 'csv', 'tsv'],
  'text/csv': ['csv', 'tsv', 'txt'],
  'application/zip': ['zip'],
  [`${office}.wordprocessingml.document`]: ['docx'],
  [`${office}.spreadsheetml.sheet`]: ['xlsx'],
  [`${office}.presentationml.presentation`]: ['pptx'],
};

const aliases: Readonly<Record<string, AttachmentType>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/jfif': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/apng': 'image/png',
  'image/vnd.mozilla.apng': 'image/png',
  'audio/opus': 'audio/ogg',
  'audio/vorbis': 'audio/ogg',
  'audio/x-ogg': 'audio/ogg',
  'application/ogg': 'audio/ogg',
  'application/x-ogg': 'audio/ogg',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'audio/mp4a-latm': 'audio/mp4',
  'audio/x-mp4': 'audio/mp4',
  'audio/3gpp': 'audio/mp4',
  'audio/mp3': 'audio/mpeg',
  'audio/x-mp3': 'audio/mpeg',
  'audio/x-mpeg': 'audio/mpeg',
  'audio/mpeg3': 'audio/mpeg',
  'audio/x-mpeg-3': 'audio/mpeg',
  'audio/wave': 'audio/wav',
  'audio/x-wav': 'audio/wav',
  'audio/x-pn-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'application/x-pdf': 'application/pdf',
  'text/pdf': 'application/pdf',
  'text/markdown': 'text/plain',
  'text/x-markdown': 'text/plain',
  'text/x-log': 'text/plain',
  'application/json': 'text/plain',
  'application/csv': 'text/csv',
  'text/x-csv': 'text/csv',
  'application/x-csv': 'text/csv',
  'text/comma-separated-values': 'text/csv',
  'text/x-comma-separated-values': 'text/csv',
  'text/tab-separated-values': 'text/csv',
  'application/x-zip': 'application/zip',
  'application/x-zip-compressed': 'application/zip',
  'application/zip-compressed': 'application/zip',
  'multipart/x-zip': 'application/zip',
};

/** The name's extension decides. Windows with Excel reports the last one for CSV. */
const unspecific = new Set([
  ...['', 'application/octet-stream', 'binary/octet-stream', 'application/x-download', 'application/unknown'],
  ...['application/download', 'application/force-download', 'application/vnd.ms-excel'],
]);

/**
 * Accepts any spelling and parameters. Without an announced type, the name decides.
 *
 * @returns undefined if files of this type cannot be sent.
 */
export function attachmentTypeOf(contentType: string, name: string): AttachmentType | undefined {
  const essence = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  const announced =
    attachmentTypes.find((type) => type === essence) ??
    (Object.hasOwn(aliases, essence) ? aliases[essence] : undefined);
  if (announced !== undefined || !unspecific.has(essence)) return announced;
  const extension = extensionOf(name);
  const byName = attachmentTypes.filter((type) => extension !== undefined && extensions[type].includes(extension));
  return byName.find((type) => extensions[type][0] === extension) ?? byName[0];
}

/** Lower case, without the dot. */
export function extensionOf(name: string): string | undefined {
  return /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase();
}
