import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { encodeTime } from 'ulid';
import { config } from '../../core/runtime/config.ts';
import { newId } from '../../core/runtime/ids.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { notingDenial } from '../../core/tenancy/denials.ts';
import { tenantCredentials } from '../../core/tenancy/tenant-credentials.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { slowCallLimits } from '../../core/runtime/call-limits.ts';

const settings = {
  maxAttempts: 3,
  // S3 requires a checksum with Object Lock. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
  requestChecksumCalculation: 'WHEN_SUPPORTED',
} as const;
/** Shared only for its connections. */
const sharedClient = new S3Client({ ...settings, requestHandler: slowCallLimits });
const readAtOnce = 50;

function s3Of(scope: TenantScope): S3Client {
  const { requestHandler, region } = sharedClient.config;
  return new S3Client({ ...settings, requestHandler, region, credentials: tenantCredentials(scope) });
}

/** Keys sort by the time of storage. */
function prefixOf(scope: TenantScope): string {
  return `checkpoints/${scope.tenantId}/`;
}

/** Uses a unique key. Nothing in the service can change or delete it. */
export async function storeCheckpoint(scope: TenantScope, jws: string): Promise<void> {
  await notingDenial(scope.tenantId, () =>
    s3Of(scope).send(
      new PutObjectCommand({
        Bucket: config.recordsBucketName,
        Key: `${prefixOf(scope)}${newId()}.jws`,
        Body: jws,
        ContentType: 'application/jose',
      }),
    ),
  );
}

/** Oldest first, including `since`, with one request for each. */
export async function* checkpointsSince(scope: TenantScope, since: number): AsyncGenerator<string> {
  const client = s3Of(scope);
  const timeLength = 10;
  // `StartAfter` is exclusive.
  const startAfter = `${prefixOf(scope)}${encodeTime(Math.max(0, since - 1), timeLength)}Z`;
  const list = (token: string | undefined) =>
    notingDenial(scope.tenantId, () =>
      client.send(
        new ListObjectsV2Command({
          Bucket: config.recordsBucketName,
          Prefix: prefixOf(scope),
          StartAfter: startAfter,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      ),
    );
  const read = (key: string) =>
    notingDenial(scope.tenantId, async () => {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: config.recordsBucketName, Key: key }));
      return (await body?.transformToString()) ?? '';
    });
  let token: string | undefined;
  do {
    const page = await list(token);
    const keys = (page.Contents ?? []).flatMap(({ Key: key }) => (key === undefined ? [] : [key]));
    yield* mapConcurrent(keys, readAtOnce, read);
    token = page.NextContinuationToken;
  } while (token !== undefined);
}
