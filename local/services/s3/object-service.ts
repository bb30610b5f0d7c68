import type { Assembly, Service, ServiceRequest, ServiceResponse } from '../../contract.ts';
import { BucketEncryption, type ObjectEncryption } from '../../iam/object-encryption.ts';
import type { SigningKeys } from '../../endpoint/signing-keys.ts';
import type { Lookup } from '../../iam/patterns.ts';
import type { AccessRequest } from '../../iam/policies.ts';
import { objectLookup } from '../../iam/rest-access.ts';
import { textOf } from '../../text-of.ts';
import type { MessageStores } from '../messaging/message-stores.ts';
import { ServiceError, xmlText } from '../responses.ts';
import { bucketCrossOrigin } from './cross-origin.ts';
import { checkFormUpload, type FormUpload, readFormUpload } from './form-upload.ts';
import { encryptionHeaders, encryptionMetadata, encryptionText, storedEncryption } from './stored-encryption.ts';

interface ObjectOptions {
  readonly assembly: Assembly;
  readonly stores: MessageStores;
  readonly rewrite: (value: string) => string;
  readonly keys: SigningKeys;
  readonly tokenOf: (accessKeyId: string) => string | undefined;
  /** Reason of a denial; undefined if allowed. */
  readonly judge: (accessKeyId: string, request: AccessRequest) => string | undefined;
}

interface Application {
  inject(request: {
    method: string;
    url: string;
    headers: Readonly<Record<string, string>>;
    payload: Buffer;
  }): Promise<{ statusCode: number; headers: Readonly<Record<string, unknown>>; rawPayload: Buffer }>;
}

export interface Objects {
  readonly service: Service;
  crossOriginHeaders(request: Omit<ServiceRequest, 'caller'>): Readonly<Record<string, string>>;
}

/** Adds form uploads, CORS and encryption, which the store lacks. */
export function startObjects(options: ObjectOptions): Objects {
  const { assembly, stores } = options;
  for (const bucket of assembly.ofType('AWS::S3::Bucket')) stores.objects.createBucket(bucket.physicalId);
  const crossOrigin = bucketCrossOrigin(assembly, options.rewrite);
  const encryption = new BucketEncryption(assembly);
  const stored = storedEncryption(stores.objects);
  const lockable = new Set(
    assembly
      .ofType('AWS::S3::Bucket')
      .filter(({ properties }) => properties['ObjectLockEnabled'] === true)
      .map(({ physicalId }) => physicalId),
  );
  let application: Promise<Application> | undefined;

  const serve = async (request: ServiceRequest, bucket: string): Promise<ServiceResponse> => {
    const form = request.operation === 'PostObject' ? admitForm(options, request, bucket, encryption) : undefined;
    const call = form === undefined ? request : formAsPut(form, request, bucket);
    const key = decodeURIComponent(call.path.split('/').slice(2).join('/'));
    if (call.operation === 'PutObject' && lockable.has(bucket)) checkForChecksum(call);
    const encrypted = withEncryption(call, encryption.requested(bucket, call.headers));
    const response =
      call.operation === 'PutObject'
        ? await putWhole(stores, encrypted, bucket, key)
        : await forward(await (application ??= loadApplication(stores)), encrypted);
    if (response.status === 404 && reads.has(request.operation)) hideAbsence(options, request, bucket);
    const writtenWith = reads.has(request.operation) || writes.has(request.operation) ? stored(bucket, key) : undefined;
    delete (response.headers as Record<string, string>)[encryptionMetadata];
    const headers = { ...response.headers, ...(writtenWith === undefined ? {} : encryptionHeaders(writtenWith)) };
    return form === undefined ? { ...response, headers } : formAnswer(form, { ...response, headers }, bucket, key);
  };

  const corsOf = (request: Omit<ServiceRequest, 'caller'>) =>
    crossOrigin.headers(bucketOf(request), request.headers, request.method);
  return {
    crossOriginHeaders: (request) => corsOf(request) ?? {},
    service: async (request) => {
      const cors = corsOf(request);
      if (request.operation === 'Preflight') {
        if (cors === undefined)
          throw new ServiceError('AccessForbidden', 'CORSResponse: This CORS request is not allowed.', 403);
        return { status: 200, headers: cors, body: '' };
      }
      const response = await serve(request, bucketOf(request));
      return { ...response, headers: { ...response.headers, ...cors } };
    },
  };
}

function bucketOf({ path }: Pick<ServiceRequest, 'path'>): string {
  return path.split('/')[1] ?? '';
}

const reads = new Set(['GetObject', 'HeadObject']);
const writes = new Set(['PutObject', 'PostObject', 'CopyObject']);

function admitForm(
  options: ObjectOptions,
  request: ServiceRequest,
  bucket: string,
  encryption: BucketEncryption,
): FormUpload {
  const upload = readFormUpload(request.headers['content-type'] ?? '', request.body);
  const { accessKeyId, sessionToken, key } = checkFormUpload(upload, bucket, options.keys);
  if (options.tokenOf(accessKeyId) !== sessionToken) {
    throw new ServiceError('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400);
  }
  const fields = Object.fromEntries(upload.fields);
  const formLookup = objectLookup(fields);
  const lookup: Lookup = (wanted) => (wanted === 's3:authtype' ? 'POST' : formLookup(wanted));
  const needed = [
    { action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/${key}`, lookup },
    ...encryption.keyUse('kms:GenerateDataKey', bucket, key, encryption.requested(bucket, fields)),
  ];
  for (const right of needed) {
    const refusal = options.judge(accessKeyId, right);
    if (refusal !== undefined) throw new ServiceError('AccessDenied', refusal, 403);
  }
  return upload;
}

/** The store's form uploads do not support encryption. */
function formAsPut({ fields, file }: FormUpload, request: ServiceRequest, bucket: string): ServiceRequest {
  const key = (fields.get('key') ?? '').split('/').map(encodeURIComponent).join('/');
  const copied = [...fields].filter(([name]) =>
    /^(content-|cache-control$|expires$|x-amz-(meta|server-side)-)/.test(name),
  );
  return {
    ...request,
    operation: 'PutObject',
    method: 'PUT',
    path: `/${bucket}/${key}`,
    query: new URLSearchParams(),
    headers: { ...Object.fromEntries(copied), 'content-length': String(file.length) },
    body: file,
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html, `success_action_status` */
function formAnswer(form: FormUpload, response: ServiceResponse, bucket: string, key: string): ServiceResponse {
  if (response.status >= 300) return response;
  const wanted = Number(form.fields.get('success_action_status'));
  const { 'content-length': _length, 'content-type': _type, ...headers } = response.headers;
  const location = `/${bucket}/${key}`;
  if (wanted !== 201) return { status: wanted === 200 ? 200 : 204, headers: { ...headers, location }, body: '' };
  const etag = xmlText(response.headers['etag'] ?? '');
  const body = `<PostResponse><Location>${xmlText(location)}</Location><Bucket>${bucket}</Bucket><Key>${xmlText(key)}</Key><ETag>${etag}</ETag></PostResponse>`;
  return { status: 201, headers: { ...headers, location, 'content-type': 'application/xml' }, body };
}

/**
 * For callers that may not list the bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions"
 */
function hideAbsence(options: ObjectOptions, { accessKeyId }: ServiceRequest, bucket: string): void {
  const list = { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, lookup: () => undefined };
  if (accessKeyId === undefined || options.judge(accessKeyId, list) === undefined) return;
  throw new ServiceError('AccessDenied', 'Access Denied', 403);
}

/**
 * S3 demands a checksum with a retention period. Stages may differ in it, so every bucket that can have one demands it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, `Content-MD5`
 */
function checkForChecksum({ headers }: ServiceRequest): void {
  const names = Object.keys(headers);
  if (names.some((name) => name === 'content-md5' || /^x-amz-(checksum-|trailer$)/.test(name))) return;
  throw new ServiceError(
    'InvalidRequest',
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    400,
  );
}

function withEncryption(call: ServiceRequest, encryption: ObjectEncryption): ServiceRequest {
  if (!writes.has(call.operation)) return call;
  return { ...call, headers: { ...call.headers, [encryptionMetadata]: encryptionText(encryption) } };
}

/** The store's routes accept only 11 MiB, less than S3. */
async function putWhole(stores: MessageStores, request: ServiceRequest, bucket: string, key: string) {
  const headers: Record<string, string> = {};
  let status = 200;
  const reply = {
    header: (name: string, value: string) => void (headers[name] = value),
    status: (given: number) => {
      status = given;
      return reply;
    },
    send: () => undefined,
  };
  const put = await stores.putObject();
  try {
    put({ params: { bucket, '*': key }, headers: request.headers, body: request.body }, reply, stores.objects);
  } catch (error) {
    const { code, statusCode } = error as { readonly code?: string; readonly statusCode?: number };
    if (code === undefined || statusCode === undefined) throw error;
    throw new ServiceError(code, (error as Error).message, statusCode);
  }
  return { status, headers, body: Buffer.alloc(0) };
}

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
    // The host selects path or domain style; here always path.
    headers: { ...request.headers, host: '127.0.0.1' },
    payload: request.body,
  });
  // A part of a multipart upload. SDKs send smaller parts.
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
