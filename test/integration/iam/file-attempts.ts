import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { FileAction } from '../../../lib/functions/function-grants.ts';

/** Where a tenant's files lie. */
export interface FilePlace {
  readonly bucket: string;
  readonly keyId: string;
  /** In front of the tenant's id: `quarantine/` or `t/`. */
  readonly place: string;
}

/** A call on a tenant's objects, made by hand. */
export interface FileAttempt {
  readonly name: string;
  readonly needs: FileAction;
  readonly run: (client: S3Client, place: FilePlace, tenantId: string) => Promise<unknown>;
}

/** Puts an object that says it is of one tenant under the key of another, or of the same. */
export function putObject(client: S3Client, { bucket, keyId, place }: FilePlace, underId: string, saysId?: string) {
  const context = saysId === undefined ? undefined : Buffer.from(JSON.stringify({ tenant: saysId })).toString('base64');
  return client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: `${place}${underId}/probe`,
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
    run: (client, { bucket, place }, tenantId) =>
      client.send(new GetObjectCommand({ Bucket: bucket, Key: `${place}${tenantId}/probe` })),
  },
  { name: 'put', needs: 'PutObject', run: (client, place, tenantId) => putObject(client, place, tenantId, tenantId) },
  {
    name: 'list',
    needs: 'ListBucket',
    run: (client, { bucket, place }, tenantId) =>
      client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${place}${tenantId}/` })),
  },
  {
    name: 'delete',
    needs: 'DeleteObject',
    run: (client, { bucket, place }, tenantId) =>
      client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${place}${tenantId}/none` })),
  },
];

/** Calls that no session of one tenant may make: they reach for another's, or say that they are another's. */
export const mixedFileAttempts: readonly {
  readonly name: string;
  readonly run: (client: S3Client, place: FilePlace, own: string, foreign: string) => Promise<unknown>;
}[] = [
  { name: 'put with the other’s name', run: (client, place, own, foreign) => putObject(client, place, own, foreign) },
  { name: 'put without a name', run: (client, place, own) => putObject(client, place, own) },
  { name: 'put in the other’s place', run: (client, place, own, foreign) => putObject(client, place, foreign, own) },
  {
    name: 'copy from the other',
    run: (client, { bucket, place }, own, foreign) =>
      client.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: `${place}${own}/copy`,
          CopySource: `${bucket}/${place}${foreign}/probe`,
        }),
      ),
  },
  { name: 'list all', run: (client, { bucket }) => client.send(new ListObjectsV2Command({ Bucket: bucket })) },
  {
    name: 'list all of the place',
    run: (client, { bucket, place }) => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: place })),
  },
];
