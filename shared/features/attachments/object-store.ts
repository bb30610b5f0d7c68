import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
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

const settings = {
  maxAttempts: 3,
  // Otherwise a presigned address carries the checksum of an absent body.
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const;
/** Shares its connections only: each request uses a tenant's credentials. */
const lender = new S3Client(settings);

/** A client with a tenant's credentials, which open the tenant's own objects and no others. */
function s3Of(scope: TenantScope): S3Client {
  const { requestHandler, region } = lender.config;
  return new S3Client({ ...settings, requestHandler, region, credentials: tenantCredentials(scope) });
}

const formSeconds = 5 * 60;
const addressSeconds = 2 * 60;

export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Objects of one kind. A key begins with the kind and the tenant, as the functions' grants do: the grants are derived
 * from the methods that code calls.
 */
export class ObjectPlace {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * A form that accepts one object: this key, this type, exactly this size, encrypted with the tenant in the key's
   * context. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
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

  /** An address that serves the object for two minutes, to anyone who has it, under the given headers. */
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

  /** The bytes of an object, or undefined without one. */
  async read(scope: TenantScope, name: string): Promise<Uint8Array | undefined> {
    const key = this.#keyOf(scope, name);
    try {
      const { Body: body } = await s3Of(scope).send(new GetObjectCommand({ Bucket: config.filesBucketName, Key: key }));
      return await body?.transformToByteArray();
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error;
      if (error.name === 'NoSuchKey') return undefined;
      // Without the right to list the whole bucket, S3 answers 403 for an absent object. This code may list a part.
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

  /** Succeeds without an object as well. */
  async delete(scope: TenantScope, name: string): Promise<void> {
    await deleteKey(scope, this.#keyOf(scope, name));
  }

  /** Deletes the few objects whose names begin with a prefix, except those under `kept`. */
  async deleteAll(scope: TenantScope, prefix: string, kept?: string): Promise<void> {
    const keys = await listed(scope, this.#keyOf(scope, prefix));
    const surplus = keys.filter((key) => kept === undefined || !key.startsWith(this.#keyOf(scope, kept)));
    await settleAll(surplus.map((key) => deleteKey(scope, key)));
  }

  #keyOf(scope: TenantScope, name: string): string {
    return `${this.#prefix}/${scope.tenantId}/${name}`;
  }
}

/** Uploads before their examination, by attachment id. A rule of the bucket deletes those that are left after a day. */
export const quarantine = new ObjectPlace('quarantine');

/** Examined objects, under {@link attachmentPrefix}. */
export const files = new ObjectPlace('t');

/** The beginning of the names of an attachment's examined objects. */
export function attachmentPrefix(conversationId: string, attachmentId: string): string {
  return `${conversationId}/${attachmentId}/`;
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

/** S3 passes it to KMS with each use of the key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context */
function encryptionContext(scope: TenantScope): string {
  return Buffer.from(JSON.stringify({ tenant: scope.tenantId })).toString('base64');
}
