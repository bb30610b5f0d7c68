import type { Assembly, Service, ServiceRequest, ServiceResponse } from '../../contract.ts';
import { BucketEncryption, type ObjectEncryption } from '../../iam/object-encryption.ts';
import type { Lookup } from '../../iam/patterns.ts';
import type { AccessRequest } from '../../iam/policies.ts';
import { objectLookup } from '../../iam/rest-access.ts';
import { textOf } from '../../text-of.ts';
import type { MessageStores } from '../messaging/message-stores.ts';
import { ServiceError, xmlText } from '../responses.ts';
import { bucketCrossOrigin } from './cross-origin.ts';
import { checkFormUpload, type FormUpload, readFormUpload } from './form-upload.ts';
import { checkPresignedUrl } from './query-signature.ts';
import { encryptionHeaders, encryptionMetadata, encryptionText, storedEncryption } from './stored-encryption.ts';

interface ObjectOptions {
  readonly assembly: Assembly;
  readonly stores: MessageStores;
  readonly rewrite: (value: string) => string;
  readonly secretOf: (accessKeyId: string) => string;
  /** Why the holder of this key may not do this; nothing if it may. */
  readonly judge: (accessKeyId: string, request: AccessRequest) => string | undefined;
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
  const encryption = new BucketEncryption(assembly);
  const stored = storedEncryption(stores.objects);
  let application: Promise<Application> | undefined;

  const serve = async (request: ServiceRequest, bucket: string): Promise<ServiceResponse> => {
    const form = request.operation === 'PostObject' ? admitForm(options, request, bucket, encryption) : undefined;
    const call = form === undefined ? request : formAsPut(form, request, bucket);
    if (form === undefined) admit(options, request);
    const key = decodeURIComponent(call.path.split('/').slice(2).join('/'));
    application ??= loadApplication(stores);
    const response = await forward(await application, withEncryption(call, encryption.requested(bucket, call.headers)));
    announce(options, request, response, bucket, key);
    if (response.status === 404 && reads.has(request.operation)) hideAbsence(options, request, bucket);
    const known = reads.has(request.operation) || writes.has(request.operation) ? stored(bucket, key) : undefined;
    delete (response.headers as Record<string, string>)[encryptionMetadata];
    const headers = { ...response.headers, ...(known === undefined ? {} : encryptionHeaders(known)) };
    return form === undefined ? { ...response, headers } : formAnswer(form, { ...response, headers }, bucket, key);
  };

  return async (request) => {
    const bucket = request.path.split('/')[1] ?? '';
    const cors = crossOrigin.headers(bucket, request.headers, request.method);
    if (request.operation === 'Preflight') {
      if (cors === undefined)
        throw new ServiceError('AccessForbidden', 'CORSResponse: This CORS request is not allowed.', 403);
      return { status: 200, headers: cors, body: '' };
    }
    try {
      const response = await serve(request, bucket);
      return { ...response, headers: { ...response.headers, ...cors } };
    } catch (error) {
      // A browser shows a refusal to its page only with these headers.
      if (error instanceof ServiceError && cors !== undefined) throw withHeaders(error, cors);
      throw error;
    }
  };
}

const reads = new Set(['GetObject', 'HeadObject']);
const writes = new Set(['PutObject', 'PostObject', 'CopyObject']);

function admit(options: ObjectOptions, request: ServiceRequest): void {
  if (request.accessKeyId === undefined) throw new ServiceError('AccessDenied', 'Access Denied', 403);
  if (request.query.has('X-Amz-Signature')) checkPresignedUrl(request, options.secretOf);
}

/** A form is admitted by its policy, and by what its signer may do. */
function admitForm(
  options: ObjectOptions,
  request: ServiceRequest,
  bucket: string,
  encryption: BucketEncryption,
): FormUpload {
  const upload = readFormUpload(request.headers['content-type'] ?? '', request.body);
  const { accessKeyId, key } = checkFormUpload(upload, bucket, options.secretOf);
  const fields = Object.fromEntries(upload.fields);
  const formLookup = objectLookup(fields);
  const lookup: Lookup = (wanted) => (wanted === 's3:authtype' ? 'POST' : formLookup(wanted));
  const needed = [
    { action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/${key}`, lookup },
    ...encryption.keyUse('kms:GenerateDataKey', bucket, key, encryption.requested(bucket, fields)),
  ];
  for (const one of needed) {
    const refusal = options.judge(accessKeyId, one);
    if (refusal !== undefined) throw new ServiceError('AccessDenied', refusal, 403);
  }
  return upload;
}

/** The store's own form uploads know no encryption. */
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
 * Whoever may not list the bucket is not told that an object is absent.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions"
 */
function hideAbsence(options: ObjectOptions, { accessKeyId }: ServiceRequest, bucket: string): void {
  const list = { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, lookup: () => undefined };
  if (accessKeyId === undefined || options.judge(accessKeyId, list) === undefined) return;
  throw new ServiceError('AccessDenied', 'Access Denied', 403);
}

function withEncryption(call: ServiceRequest, encryption: ObjectEncryption): ServiceRequest {
  if (!writes.has(call.operation)) return call;
  return { ...call, headers: { ...call.headers, [encryptionMetadata]: encryptionText(encryption) } };
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
