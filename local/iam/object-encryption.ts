import type { Assembly } from '../contract.ts';
import { textOf } from '../text-of.ts';
import type { AccessOf, CallToJudge } from './aws-call.ts';
import { encryptionKeys, keyArn } from './encryption-access.ts';
import type { AccessRequest } from './policies.ts';

export interface ObjectEncryption {
  readonly algorithm: string;
  readonly key?: string;
  readonly context: Readonly<Record<string, string>>;
}

const algorithmHeader = 'x-amz-server-side-encryption';
const keyHeader = 'x-amz-server-side-encryption-aws-kms-key-id';
const contextHeader = 'x-amz-server-side-encryption-context';

export class BucketEncryption {
  readonly #assembly: Assembly;
  readonly #keys: ReadonlyMap<string, string>;
  readonly #withBucketKey: ReadonlySet<string>;

  constructor(assembly: Assembly) {
    this.#assembly = assembly;
    this.#keys = encryptionKeys(assembly);
    this.#withBucketKey = new Set(
      assembly.ofType('AWS::S3::Bucket').flatMap(({ physicalId, properties }) => {
        const { ServerSideEncryptionConfiguration: rules = [] } = (properties['BucketEncryption'] ?? {}) as {
          ServerSideEncryptionConfiguration?: readonly { readonly BucketKeyEnabled?: unknown }[];
        };
        return textOf(rules[0]?.BucketKeyEnabled) === 'true' ? [physicalId] : [];
      }),
    );
  }

  /** Also reads form fields. */
  requested(bucket: string, headers: Readonly<Record<string, string>>): ObjectEncryption {
    const algorithm = headers[algorithmHeader];
    const standard = this.#keys.get(`arn:aws:s3:::${bucket}`);
    const named = headers[keyHeader];
    const key = named === undefined ? standard : keyArn(this.#assembly, named);
    if (algorithm === 'AES256' || (algorithm === undefined && key === undefined)) {
      return { algorithm: 'AES256', context: {} };
    }
    return { algorithm: 'aws:kms', ...(key === undefined ? {} : { key }), context: contextOf(headers[contextHeader]) };
  }

  /**
   * The context is the object's ARN, or the bucket's with a bucket key.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
   */
  keyUse(action: string, bucket: string, object: string, { key, context }: ObjectEncryption): AccessRequest[] {
    if (key === undefined) return [];
    const isBucketKey = this.#withBucketKey.has(bucket);
    const whole: Readonly<Record<string, string>> = isBucketKey
      ? { 'aws:s3:arn': `arn:aws:s3:::${bucket}` }
      : { 'aws:s3:arn': `arn:aws:s3:::${bucket}/${object}`, ...context };
    const values = new Map(
      Object.entries(whole).map(([name, value]) => [`kms:encryptioncontext:${name.toLowerCase()}`, value]),
    );
    const lookup = (wanted: string): string | readonly string[] | undefined => {
      if (wanted === 'kms:viaservice') return `s3.${this.#assembly.region}.amazonaws.com`;
      return wanted === 'kms:encryptioncontextkeys' ? Object.keys(whole) : values.get(wanted);
    };
    return [{ action, resource: key, lookup }];
  }
}

const reads = new Set(['GetObject', 'HeadObject']);
const writes = new Set(['PutObject', 'CopyObject', 'CreateMultipartUpload']);

export function withObjectEncryption(
  access: AccessOf,
  encryption: BucketEncryption,
  stored: (bucket: string, key: string) => ObjectEncryption | undefined,
): AccessOf {
  return (call) => {
    const base = access(call);
    const { bucket, object } = objectOf(call);
    const requests = [...base.requests];
    if (writes.has(call.operation)) {
      requests.push(
        ...encryption.keyUse('kms:GenerateDataKey', bucket, object, encryption.requested(bucket, call.headers)),
      );
    }
    const read = reads.has(call.operation) ? { bucket, object } : sourceOf(call);
    const encryptedWith = read && stored(read.bucket, read.object);
    if (encryptedWith !== undefined)
      requests.push(...encryption.keyUse('kms:Decrypt', read?.bucket ?? '', read?.object ?? '', encryptedWith));
    return { ...base, requests };
  };
}

function objectOf({ path }: Pick<CallToJudge, 'path'>): { bucket: string; object: string } {
  const [, bucket = '', ...parts] = path.split('/');
  return { bucket, object: decodeURIComponent(parts.join('/')) };
}

function sourceOf({ operation, headers }: CallToJudge): { bucket: string; object: string } | undefined {
  if (operation !== 'CopyObject') return undefined;
  const source = decodeURIComponent(headers['x-amz-copy-source'] ?? '').split('?', 1)[0] ?? '';
  const [bucket = '', ...parts] = source.replace(/^\//, '').split('/');
  return { bucket, object: parts.join('/') };
}

/** Base64 of a JSON object. */
function contextOf(header: string | undefined): Readonly<Record<string, string>> {
  if (header === undefined) return {};
  return JSON.parse(Buffer.from(header, 'base64').toString()) as Record<string, string>;
}
