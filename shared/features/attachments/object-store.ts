import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { config } from '../../core/runtime/config.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { noteDenial } from '../../core/tenancy/denials.ts';
import { tenantCredentials } from '../../core/tenancy/tenant-credentials.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { slowCallLimits } from '../../core/runtime/call-limits.ts';

const settings = {
  maxAttempts: 3,
  // Otherwise, a presigned address contains an empty body's checksum.
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const;
/** Shared only for its connections. */
const sharedClient = new S3Client({ ...settings, requestHandler: slowCallLimits });

function s3Of(scope: TenantScope): S3Client {
  const { requestHandler, region } = sharedClient.config;
  return new S3Client({ ...settings, requestHandler, region, credentials: tenantCredentials(scope) });
}

const formSeconds = 5 * 60;
const addressSeconds = 2 * 60;

export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Keys begin with the prefix and the tenant. The functions' grants follow from calls of these methods. */
export class ObjectStore {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * Accepts exactly one object of this key, type and size, with the tenant as encryption context.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
   */
  async uploadForm(
    scope: TenantScope,
    name: string,
    contentType: string,
    size: number,
  ): Promise<UploadForm & { readonly lifeMs: number }> {
    const { url, fields } = await createPresignedPost(s3Of(scope), {
      Bucket: config.filesBucketName,
      Key: this.#keyOf(scope, name),
      Expires: formSeconds,
      Fields: {
        'Content-Type': contentType,
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': config.filesKeyId,
        'x-amz-server-side-encryption-context': encryptionContext(scope),
      },
      Conditions: [['content-length-range', size, size]],
    });
    return { url, fields, lifeMs: formSeconds * 1000 };
  }

  /** Valid for two minutes, for every client that has the address. */
  async downloadAddress(
    scope: TenantScope,
    name: string,
    contentType: string,
    disposition: string,
  ): Promise<{ readonly url: string; readonly lifeMs: number }> {
    const command = new GetObjectCommand({
      Bucket: config.filesBucketName,
      Key: this.#keyOf(scope, name),
      ResponseContentType: contentType,
      ResponseContentDisposition: disposition,
      ResponseCacheControl: 'private, max-age=120',
    });
    return {
      url: await getSignedUrl(s3Of(scope), command, { expiresIn: addressSeconds }),
      lifeMs: addressSeconds * 1000,
    };
  }

  /** Undefined if the object does not exist. */
  async read(scope: TenantScope, name: string): Promise<Uint8Array | undefined> {
    const key = this.#keyOf(scope, name);
    try {
      const { Body: body } = await s3Of(scope).send(new GetObjectCommand({ Bucket: config.filesBucketName, Key: key }));
      return await body?.transformToByteArray();
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error;
      if (error.name === 'NoSuchKey') return undefined;
      // Without the right to list the whole bucket, S3 answers 403 for a missing object.
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
      if (error.name === 'AccessDenied' && !(await listed(scope, key, 1)).includes(key)) return undefined;
      noteDenial(error, scope.tenantId);
      throw error;
    }
  }

  async write(scope: TenantScope, name: string, contentType: string, bytes: Uint8Array): Promise<void> {
    await s3Of(scope).send(
      new PutObjectCommand({
        Bucket: config.filesBucketName,
        Key: this.#keyOf(scope, name),
        Body: bytes,
        ContentType: contentType,
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: config.filesKeyId,
        SSEKMSEncryptionContext: encryptionContext(scope),
      }),
    );
  }

  /** Also succeeds without the object. */
  async delete(scope: TenantScope, name: string): Promise<void> {
    await deleteKey(scope, this.#keyOf(scope, name));
  }

  /** Keeps names that begin with `kept`. Only for few objects. */
  async deleteAll(scope: TenantScope, prefix: string, kept?: string): Promise<void> {
    const keys = await listed(scope, this.#keyOf(scope, prefix));
    const surplus = keys.filter((key) => kept === undefined || !key.startsWith(this.#keyOf(scope, kept)));
    await settleAll(surplus.map((key) => deleteKey(scope, key)));
  }

  /** The names that begin with the prefix, in pages of at most 1000. */
  async *list(scope: TenantScope, prefix: string): AsyncGenerator<readonly string[]> {
    const start = this.#keyOf(scope, '');
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await s3Of(scope).send(
        new ListObjectsV2Command({
          Bucket: config.filesBucketName,
          Prefix: this.#keyOf(scope, prefix),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      yield (page.Contents ?? []).map(({ Key: key = '' }) => key.slice(start.length));
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  #keyOf(scope: TenantScope, name: string): string {
    return `${this.#prefix}/${scope.tenantId}/${name}`;
  }
}

/** By attachment id. A lifecycle rule deletes uploads after a day. */
export const quarantine = new ObjectStore('quarantine');

/** Under {@link attachmentPrefix}. */
export const files = new ObjectStore('t');

export function attachmentPrefix(conversationId: string, attachmentId: string): string {
  return `${conversationId}/${attachmentId}/`;
}

export function attachmentIdIn(name: string): string {
  return name.split('/')[1] ?? '';
}

async function listed(scope: TenantScope, prefix: string, most?: number): Promise<readonly string[]> {
  const { Contents: found = [] } = await s3Of(scope).send(
    new ListObjectsV2Command({ Bucket: config.filesBucketName, Prefix: prefix, MaxKeys: most }),
  );
  return found.map(({ Key: key = '' }) => key);
}

async function deleteKey(scope: TenantScope, key: string): Promise<void> {
  await s3Of(scope).send(new DeleteObjectCommand({ Bucket: config.filesBucketName, Key: key }));
}

/**
 * S3 passes it to KMS. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
 */
function encryptionContext(scope: TenantScope): string {
  return Buffer.from(JSON.stringify({ tenant: scope.tenantId })).toString('base64');
}
