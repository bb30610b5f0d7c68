import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { Assembly } from '../contract.ts';
import type { ApiRequest, ApiResponse } from '../api/exchange.ts';

/** As `aws s3 sync` guesses them. */
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.ico': 'image/vnd.microsoft.icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/markdown',
  '.mjs': 'text/javascript',
  '.mp3': 'audio/mpeg',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xml': 'text/xml',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
};

interface Deployment {
  readonly directory: string;
  readonly prefix: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly markers: Readonly<Record<string, string>>;
}

export type BucketFiles = (request: ApiRequest) => Promise<ApiResponse>;

/**
 * Reads the asset directories of `Custom::CDKBucketDeployment`.
 *
 * @param mayList if false, a missing file is answered 403 instead of 404.
 */
export function bucketFiles(
  assembly: Assembly,
  bucketName: string,
  rewrite: (value: string) => string,
  mayList: boolean,
): BucketFiles {
  const deployments = deploymentsTo(assembly, bucketName, rewrite);
  return async (request) => {
    let key: string;
    try {
      key = decodeURIComponent(request.path.slice(1));
    } catch {
      return xmlError(400, 'InvalidURI', "Couldn't parse the specified URI.");
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return xmlError(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
    }
    for (const deployment of deployments) {
      const found = await serve(deployment, key, request);
      if (found !== undefined) return found;
    }
    if (mayList) return xmlError(404, 'NoSuchKey', 'The specified key does not exist.');
    return xmlError(403, 'AccessDenied', 'Access Denied');
  };
}

/** Last source first, because later ones overwrite earlier ones. */
function deploymentsTo(assembly: Assembly, bucketName: string, rewrite: (value: string) => string): Deployment[] {
  const deployments: Deployment[] = [];
  for (const resource of assembly.ofType('Custom::CDKBucketDeployment')) {
    const properties = resource.properties as {
      DestinationBucketName?: string;
      DestinationBucketKeyPrefix?: string;
      SourceObjectKeys?: string[];
      SourceMarkers?: Record<string, string>[];
      SystemMetadata?: Record<string, string>;
    };
    if (properties.DestinationBucketName !== bucketName) continue;
    properties.SourceObjectKeys?.forEach((objectKey, index) => {
      const directory = assembly.asset(objectKey);
      if (directory === undefined) throw new Error(`${resource.logicalId}: no asset manifest names ${objectKey}.`);
      const markers = Object.entries(properties.SourceMarkers?.[index] ?? {});
      deployments.unshift({
        directory,
        prefix: (properties.DestinationBucketKeyPrefix ?? '').replace(/^\/|\/$/g, ''),
        metadata: properties.SystemMetadata ?? {},
        markers: Object.fromEntries(markers.map(([marker, value]) => [marker, rewrite(value)])),
      });
    });
  }
  return deployments;
}

async function serve(deployment: Deployment, key: string, request: ApiRequest): Promise<ApiResponse | undefined> {
  const { prefix, directory, metadata, markers } = deployment;
  if (prefix !== '' && !key.startsWith(`${prefix}/`)) return undefined;
  const name = prefix === '' ? key : key.slice(prefix.length + 1);
  if (name === '' || name.endsWith('/') || name.includes('\0')) return undefined;
  // `..` has no meaning in a key.
  if (normalize(`/${name}`) !== `/${name}`) return undefined;
  const path = join(directory, name);
  const about = await stat(path).catch(() => undefined);
  if (about?.isFile() !== true) return undefined;
  const etag = `"${about.size.toString(16)}-${Math.round(about.mtimeMs).toString(16)}"`;
  const headers: [string, string][] = [
    ['content-type', metadata['content-type'] ?? types[extname(name).toLowerCase()] ?? 'binary/octet-stream'],
    ['etag', etag],
    ['last-modified', about.mtime.toUTCString()],
  ];
  for (const [field, value] of Object.entries(metadata)) if (field !== 'content-type') headers.push([field, value]);
  if (request.headers['if-none-match']?.includes(etag) === true) return { status: 304, headers, body: '' };
  return { status: 200, headers, body: withMarkers(await readFile(path), markers) };
}

function withMarkers(content: Buffer, markers: Readonly<Record<string, string>>): Buffer {
  if (Object.keys(markers).length === 0) return content;
  let text = content.toString('utf8');
  for (const [marker, value] of Object.entries(markers)) {
    if (!content.includes(marker)) continue;
    text = text.replaceAll(marker, value);
  }
  return content.includes('<<marker:') ? Buffer.from(text) : content;
}

function xmlError(status: number, code: string, message: string): ApiResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: [['content-type', 'application/xml']], body };
}
