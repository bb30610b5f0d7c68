import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { FileAction } from '../../../lib/functions/function-grants.ts';

export interface FileLocation {
  readonly bucket: string;
  readonly keyId: string;
  /** Before the tenant's id: `quarantine/` or `t/`. */
  readonly prefix: string;
}

export interface FileAttempt {
  readonly name: string;
  readonly needs: FileAction;
  readonly run: (client: S3Client, location: FileLocation, tenantId: string) => Promise<unknown>;
}

/** `saysId` is the tenant in the encryption context. */
export function putObject(client: S3Client, { bucket, keyId, prefix }: FileLocation, underId: string, saysId?: string) {
  const context = saysId === undefined ? undefined : Buffer.from(JSON.stringify({ tenant: saysId })).toString('base64');
  return client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: `${prefix}${underId}/probe`,
      Body: 'probe',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: keyId,
      ...(context === undefined ? {} : { SSEKMSEncryptionContext: context }),
    }),
  );
}

export const fileAttempts: readonly FileAttempt[] = [
  {
    name: 'get',
    needs: 'GetObject',
    run: (client, { bucket, prefix }, tenantId) =>
      client.send(new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${tenantId}/probe` })),
  },
  {
    name: 'put',
    needs: 'PutObject',
    run: (client, location, tenantId) => putObject(client, location, tenantId, tenantId),
  },
  {
    name: 'list',
    needs: 'ListBucket',
    run: (client, { bucket, prefix }, tenantId) =>
      client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}${tenantId}/` })),
  },
  {
    name: 'delete',
    needs: 'DeleteObject',
    run: (client, { bucket, prefix }, tenantId) =>
      client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${prefix}${tenantId}/none` })),
  },
];

/** No session of one tenant may make these calls. */
export const mixedFileAttempts: readonly {
  readonly name: string;
  readonly run: (client: S3Client, location: FileLocation, own: string, foreign: string) => Promise<unknown>;
}[] = [
  {
    name: 'put with another tenant’s name',
    run: (client, location, own, foreign) => putObject(client, location, own, foreign),
  },
  { name: 'put without a name', run: (client, location, own) => putObject(client, location, own) },
  {
    name: 'put under another tenant’s prefix',
    run: (client, location, own, foreign) => putObject(client, location, foreign, own),
  },
  {
    name: 'copy from another tenant',
    run: (client, { bucket, prefix }, own, foreign) =>
      client.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: `${prefix}${own}/copy`,
          CopySource: `${bucket}/${prefix}${foreign}/probe`,
        }),
      ),
  },
  { name: 'list all', run: (client, { bucket }) => client.send(new ListObjectsV2Command({ Bucket: bucket })) },
  {
    name: 'list the whole prefix',
    run: (client, { bucket, prefix }) => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix })),
  },
];
