import type { Assembly, Service, ServiceRequest, ServiceResponse } from '../../contract.ts';
import { encryptionKeys } from '../../iam/encryption-access.ts';
import { textOf } from '../../text-of.ts';
import type { MessageStores } from '../messaging/message-stores.ts';
import { ServiceError } from '../responses.ts';
import { bucketCrossOrigin } from './cross-origin.ts';
import { checkFormUpload, readFormUpload } from './form-upload.ts';
import { checkPresignedUrl } from './query-signature.ts';

interface ObjectOptions {
  readonly assembly: Assembly;
  readonly stores: MessageStores;
  readonly rewrite: (value: string) => string;
  readonly secretOf: (accessKeyId: string) => string;
  /** May the holder of this key do this? Throws a refusal if not. */
  readonly authorise: (accessKeyId: string, action: string, resource: string) => void;
  /** Hears of every object that was made or removed. */
  readonly changed: (change: ObjectChange) => void;
}

/** A change of an object, for bucket notifications. */
export interface ObjectChange {
  readonly bucket: string;
  readonly key: string;
  /** `ObjectCreated:Put`, `ObjectRemoved:Delete` … */
  readonly eventName: string;
  readonly size: number;
  readonly etag: string;
}

interface Application {
  inject(request: {
    method: string;
    url: string;
    headers: Readonly<Record<string, string>>;
    payload: Buffer;
  }): Promise<{ statusCode: number; headers: Readonly<Record<string, unknown>>; rawPayload: Buffer }>;
}

/**
 * Creates the template's buckets and serves S3 from the object store, behind what the store lacks: presigned URLs and
 * form uploads are verified, CORS is answered, encryption is named, changes are announced.
 */
export function startObjects(options: ObjectOptions): Service {
  const { assembly, stores } = options;
  for (const bucket of assembly.ofType('AWS::S3::Bucket')) stores.objects.createBucket(bucket.physicalId);
  const crossOrigin = bucketCrossOrigin(assembly, options.rewrite);
  const keys = encryptionKeys(assembly);
  let application: Promise<Application> | undefined;

  return async (request) => {
    const bucket = request.path.split('/')[1] ?? '';
    const cors = crossOrigin.headers(bucket, request.headers, request.method);
    if (request.operation === 'Preflight') {
      if (cors === undefined)
        throw new ServiceError('AccessForbidden', 'CORSResponse: This CORS request is not allowed.', 403);
      return { status: 200, headers: cors, body: '' };
    }
    let response: ServiceResponse;
    try {
      const key = verify(options, request, bucket);
      application ??= loadApplication(stores);
      response = await forward(await application, request);
      announce(options, request, response, bucket, key);
    } catch (error) {
      // A browser shows a refusal to its page only with these headers.
      if (error instanceof ServiceError && cors !== undefined) throw withHeaders(error, cors);
      throw error;
    }
    return { ...response, headers: { ...response.headers, ...cors, ...encryption(request, keys, bucket) } };
  };
}

/** Gives the object's key. */
function verify(options: ObjectOptions, request: ServiceRequest, bucket: string): string {
  if (request.operation === 'PostObject') {
    const upload = readFormUpload(request.headers['content-type'] ?? '', request.body);
    const signer = checkFormUpload(upload, bucket, options.secretOf);
    options.authorise(signer.accessKeyId, 's3:PutObject', `arn:aws:s3:::${bucket}/${signer.key}`);
    return signer.key;
  }
  if (request.accessKeyId === undefined) throw new ServiceError('AccessDenied', 'Access Denied', 403);
  if (request.query.has('X-Amz-Signature')) checkPresignedUrl(request, options.secretOf);
  return decodeURIComponent(request.path.split('/').slice(2).join('/'));
}

/** The store's routes come with a web framework, which is loaded when the first object is asked for. */
async function loadApplication({ queues, topics, objects }: MessageStores): Promise<Application> {
  const { buildApp } = (await import('fauxqs')) as unknown as { buildApp: (options: object) => Application };
  return buildApp({ logger: false, stores: { sqsStore: queues, snsStore: topics, s3Store: objects } });
}

const hopHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

async function forward(application: Application, request: ServiceRequest): Promise<ServiceResponse> {
  const query = request.query.toString();
  const answer = await application.inject({
    method: request.method,
    url: query === '' ? request.path : `${request.path}?${query}`,
    // Host decides between path and domain style in the store; here it is always the path.
    headers: { ...request.headers, host: '127.0.0.1' },
    payload: request.body,
  });
  // The store takes 11 MiB in one request; more must come in parts, as SDKs send it.
  if (answer.statusCode === 413) {
    throw new ServiceError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (!hopHeaders.has(name) && value !== undefined) headers[name] = textOf(value);
  }
  override(headers, request.query);
  return { status: answer.statusCode, headers, body: answer.rawPayload };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Overriding response header values" */
function override(headers: Record<string, string>, query: URLSearchParams): void {
  for (const name of [
    'content-type',
    'content-language',
    'expires',
    'cache-control',
    'content-disposition',
    'content-encoding',
  ]) {
    const value = query.get(`response-${name}`);
    if (value !== null) headers[name] = value;
  }
}

function encryption(
  { operation }: ServiceRequest,
  keys: ReadonlyMap<string, string>,
  bucket: string,
): Record<string, string> {
  if (!['PutObject', 'PostObject', 'GetObject', 'HeadObject', 'CopyObject'].includes(operation)) return {};
  const key = keys.get(`arn:aws:s3:::${bucket}`);
  if (key === undefined) return { 'x-amz-server-side-encryption': 'AES256' };
  return { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': key };
}

const eventNames: Readonly<Record<string, string>> = {
  PutObject: 'ObjectCreated:Put',
  PostObject: 'ObjectCreated:Post',
  CopyObject: 'ObjectCreated:Copy',
  CompleteMultipartUpload: 'ObjectCreated:CompleteMultipartUpload',
  DeleteObject: 'ObjectRemoved:Delete',
};

function announce(
  options: ObjectOptions,
  request: ServiceRequest,
  response: ServiceResponse,
  bucket: string,
  key: string,
): void {
  const eventName = eventNames[request.operation];
  if (eventName === undefined || response.status >= 300) return;
  const etag = (response.headers['etag'] ?? '').replaceAll('"', '');
  options.changed({ bucket, key, eventName, size: request.body.length, etag });
}

function withHeaders(error: ServiceError, headers: Readonly<Record<string, string>>): ServiceError {
  return Object.assign(new ServiceError(error.code, error.message, error.status, error.members), { headers });
}
