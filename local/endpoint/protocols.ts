import type { Protocol } from '../services/responses.ts';

export interface ServiceProtocol {
  readonly protocol: Protocol;
  readonly throttling: { readonly code: string; readonly status: number };
  readonly denial: { readonly code: string; readonly status: number };
  /** For REST only. */
  operation?(method: string, path: string, query: URLSearchParams, headers: Readonly<Record<string, string>>): string;
}

const throttlingException = { code: 'ThrottlingException', status: 400 };
const deniedException = { code: 'AccessDeniedException', status: 400 };
const deniedByRest = { code: 'AccessDeniedException', status: 403 };
const denied = { code: 'AccessDenied', status: 403 };

/** By IAM prefix. */
export const protocols: Readonly<Record<string, ServiceProtocol>> = {
  dynamodb: {
    protocol: 'json-1.0',
    throttling: { code: 'ProvisionedThroughputExceededException', status: 400 },
    denial: deniedException,
  },
  kms: { protocol: 'json-1.1', throttling: throttlingException, denial: deniedException },
  events: { protocol: 'json-1.1', throttling: throttlingException, denial: deniedException },
  logs: { protocol: 'json-1.1', throttling: throttlingException, denial: deniedException },
  sqs: { protocol: 'json-1.0', throttling: { code: 'RequestThrottled', status: 403 }, denial: denied },
  sns: {
    protocol: 'query',
    throttling: { code: 'Throttled', status: 429 },
    denial: { code: 'AuthorizationError', status: 403 },
  },
  sts: { protocol: 'query', throttling: { code: 'Throttling', status: 400 }, denial: denied },
  cloudformation: { protocol: 'query', throttling: { code: 'Throttling', status: 400 }, denial: denied },
  monitoring: { protocol: 'query', throttling: { code: 'Throttling', status: 400 }, denial: denied },
  s3: {
    protocol: 'rest-xml',
    throttling: { code: 'SlowDown', status: 503 },
    denial: denied,
    operation: s3Operation,
  },
  ses: {
    protocol: 'rest-json',
    throttling: { code: 'TooManyRequestsException', status: 429 },
    denial: deniedByRest,
    operation: (method, path) => (path === '/v2/email/outbound-emails' && method === 'POST' ? 'SendEmail' : 'Unknown'),
  },
  lambda: {
    protocol: 'rest-json',
    throttling: { code: 'TooManyRequestsException', status: 429 },
    denial: deniedByRest,
    operation: (method, path) => (/\/invocations$/.test(path) && method === 'POST' ? 'Invoke' : 'Unknown'),
  },
  'execute-api': {
    protocol: 'rest-json',
    throttling: { code: 'LimitExceededException', status: 429 },
    denial: { code: 'ForbiddenException', status: 403 },
    operation: (method) => connectionOperations[method] ?? 'Unknown',
  },
  scheduler: {
    protocol: 'rest-json',
    throttling: { code: 'ThrottlingException', status: 429 },
    denial: deniedByRest,
    operation: schedulerOperation,
  },
  xray: {
    protocol: 'rest-json',
    throttling: { code: 'ThrottledException', status: 429 },
    denial: deniedByRest,
    operation: (_method, path) => xrayOperations[path] ?? 'Unknown',
  },
};

const connectionOperations: Readonly<Record<string, string>> = {
  POST: 'PostToConnection',
  GET: 'GetConnection',
  DELETE: 'DeleteConnection',
};

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
function schedulerOperation(method: string, path: string): string {
  const [, collection = '', name = ''] = path.split('/');
  if (collection !== 'schedules') return `${method} ${path}`;
  if (name === '') return method === 'GET' ? 'ListSchedules' : 'Unknown';
  const verbs: Readonly<Record<string, string>> = { POST: 'Create', GET: 'Get', PUT: 'Update', DELETE: 'Delete' };
  return `${verbs[method] ?? 'Unknown'}Schedule`;
}

const xrayOperations: Readonly<Record<string, string>> = {
  '/TraceSegments': 'PutTraceSegments',
  '/TelemetryRecords': 'PutTelemetryRecords',
  '/GetSamplingRules': 'GetSamplingRules',
  '/SamplingTargets': 'GetSamplingTargets',
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
function s3Operation(
  method: string,
  path: string,
  query: URLSearchParams,
  headers: Readonly<Record<string, string>>,
): string {
  const [, bucket = '', ...keyParts] = path.split('/');
  const key = keyParts.join('/');
  if (bucket === '') return 'ListBuckets';
  if (method === 'OPTIONS') return 'Preflight';
  if (key === '') {
    if (method === 'GET') return bucketReads.find(([name]) => query.has(name))?.[1] ?? 'ListObjectsV2';
    if (method === 'POST') return query.has('delete') ? 'DeleteObjects' : 'PostObject';
    return { HEAD: 'HeadBucket', PUT: 'CreateBucket', DELETE: 'DeleteBucket' }[method] ?? 'Unknown';
  }
  switch (method) {
    case 'GET':
      if (query.has('uploadId')) return 'ListParts';
      if (query.has('tagging')) return 'GetObjectTagging';
      return query.has('attributes') ? 'GetObjectAttributes' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'PUT':
      if (query.has('partNumber')) return 'UploadPart';
      if (query.has('tagging')) return 'PutObjectTagging';
      return headers['x-amz-copy-source'] === undefined ? 'PutObject' : 'CopyObject';
    case 'POST':
      return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload';
    case 'DELETE':
      return query.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject';
    default:
      return 'Unknown';
  }
}

const bucketReads: readonly (readonly [string, string])[] = [
  ['lifecycle', 'GetBucketLifecycleConfiguration'],
  ['location', 'GetBucketLocation'],
  ['versioning', 'GetBucketVersioning'],
  ['uploads', 'ListMultipartUploads'],
];
