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
  // Else a presigned address carries the checksum of a body that is not there.
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const;
/** Only lends its connections: what is done here is done with a tenant's credentials. */
const lender = new S3Client(settings);

/** The client that works with a tenant's credentials, which open the tenant's own objects and no others. */
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

/** Where uploads wait until they are examined. A rule of the bucket deletes what is still there after a day. */
export function quarantineKey(scope: TenantScope, attachmentId: string): string {
  return `quarantine/${scope.tenantId}/${attachmentId}`;
}

/** What the keys of an attachment's examined objects begin with. */
export function attachmentPrefix(scope: TenantScope, conversationId: string, attachmentId: string): string {
  return `t/${scope.tenantId}/${conversationId}/${attachmentId}/`;
}

/**
 * A form that takes one object: this key, this type, exactly this size, encrypted with the tenant in the key's context.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export async function uploadForm(
  scope: TenantScope,
  key: string,
  contentType: string,
  size: number,
): Promise<UploadForm & { readonly lifeMs: number }> {
  const { url, fields } = await createPresignedPost(s3Of(scope), {
    Bucket: config.filesBucketName,
    Key: key,
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

/** An address from which anybody who has it can load the object for two minutes, under the given headers. */
export async function downloadAddress(
  scope: TenantScope,
  key: string,
  contentType: string,
  disposition: string,
): Promise<{ readonly url: string; readonly lifeMs: number }> {
  const command = new GetObjectCommand({
    Bucket: config.filesBucketName,
    Key: key,
    ResponseContentType: contentType,
    ResponseContentDisposition: disposition,
    ResponseCacheControl: 'private, max-age=120',
  });
  return {
    url: await getSignedUrl(s3Of(scope), command, { expiresIn: addressSeconds }),
    lifeMs: addressSeconds * 1000,
  };
}

/** An object's bytes; nothing if there is none. */
export async function readObject(scope: TenantScope, key: string): Promise<Uint8Array | undefined> {
  try {
    const { Body: body } = await s3Of(scope).send(new GetObjectCommand({ Bucket: config.filesBucketName, Key: key }));
    return await body?.transformToByteArray();
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    // S3 calls an absent object forbidden to whoever may not list the whole bucket; we may list a part of it.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
    if (error.name === 'NoSuchKey' || (error.name === 'AccessDenied' && !(await isThere(scope, key)))) return undefined;
    noteDenial(error, scope.tenantId);
    throw error;
  }
}

async function isThere(scope: TenantScope, key: string): Promise<boolean> {
  const { Contents: found = [] } = await s3Of(scope).send(
    new ListObjectsV2Command({ Bucket: config.filesBucketName, Prefix: key, MaxKeys: 1 }),
  );
  return found.some((object) => object.Key === key);
}

export async function writeObject(scope: TenantScope, key: string, type: string, bytes: Uint8Array): Promise<void> {
  await s3Of(scope).send(
    new PutObjectCommand({
      Bucket: config.filesBucketName,
      Key: key,
      Body: bytes,
      ContentType: type,
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: config.filesKeyId,
      SSEKMSEncryptionContext: encryptionContext(scope),
    }),
  );
}

/** Also without an object of this key it succeeds. */
export async function deleteObject(scope: TenantScope, key: string): Promise<void> {
  await s3Of(scope).send(new DeleteObjectCommand({ Bucket: config.filesBucketName, Key: key }));
}

/** Deletes all objects whose keys begin so, but for those under `kept`: an attachment has a few. */
export async function deleteObjects(scope: TenantScope, prefix: string, kept?: string): Promise<void> {
  const { Contents: found = [] } = await s3Of(scope).send(
    new ListObjectsV2Command({ Bucket: config.filesBucketName, Prefix: prefix }),
  );
  const keys = found.map(({ Key: key = '' }) => key);
  const surplus = keys.filter((key) => kept === undefined || !key.startsWith(kept));
  await settleAll(surplus.map((key) => deleteObject(scope, key)));
}

/** S3 hands it to KMS with each use of the key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context */
function encryptionContext(scope: TenantScope): string {
  return Buffer.from(JSON.stringify({ tenant: scope.tenantId })).toString('base64');
}
