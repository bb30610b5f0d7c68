/** Header names are in lower case. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const longestBody = 1024 * 1024;

const requestLine = /^POST (\/[\x21-\x7e]*) HTTP\/1\.1$/;
/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;
/** Only `node:http` supports these. */
const special = ['transfer-encoding', 'expect', 'upgrade', 'trailer'];

/**
 * Reads HTTP/1.1 POSTs with a body of known length and no repeated header.
 *
 * @param head without the empty line at its end.
 * @returns undefined for other requests.
 */
export function readPostHead(
  head: string,
): { readonly request: RequestHead; readonly contentLength: number } | undefined {
  const [first = '', ...lines] = head.split('\r\n');
  const url = requestLine.exec(first)?.[1];
  if (url === undefined) return undefined;
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    const lowerCase = name.toLowerCase();
    if (headers[lowerCase] !== undefined) return undefined;
    headers[lowerCase] = value.trimEnd();
  }
  const isKeptAlive = (headers['connection'] ?? 'keep-alive').toLowerCase() === 'keep-alive';
  if (!isKeptAlive || special.some((name) => headers[name] !== undefined)) return undefined;
  const length = headers['content-length'] ?? '';
  if (headers['host'] === undefined || !/^\d{1,7}$/.test(length) || Number(length) > longestBody) return undefined;
  return { request: { method: 'POST', url, headers }, contentLength: Number(length) };
}
