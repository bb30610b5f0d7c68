import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../harness.ts';
import type { Tables } from '../system/tables.ts';

export class StoredObjects {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ run }: TestRun) {
    this.#client = new S3Client({
      endpoint: run.aws.url,
      region: run.assembly.region,
      credentials: run.aws.ownerCredentials,
      maxAttempts: 1,
    });
    const bucket = run.assembly.ofType('AWS::S3::Bucket').find(({ stack }) => stack.endsWith('data'));
    this.#bucket = bucket?.physicalId ?? '';
  }

  async keysWith(text: string): Promise<readonly string[]> {
    const { Contents: found = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket }));
    return found.map(({ Key: key = '' }) => key).filter((key) => key.includes(text));
  }

  async bytes(key: string): Promise<Uint8Array> {
    const { Body: body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    return (await body?.transformToByteArray()) ?? new Uint8Array();
  }

  async head(key: string) {
    return this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
  }
}

export async function runOut(test: TestRun, tables: Tables, tenantId: string, attachmentId: string): Promise<void> {
  const prefix = `${tenantPrefix}${tenantId}#`;
  const file = keys.attachment(attachmentId);
  const due = keys.attachmentDue(attachmentId);
  await tables.set(prefix + file.pk, file.sk, 'dueAt', Date.now() - 10_000);
  await tables.set(prefix + due.pk, due.sk, 'expiresAt', Math.floor(Date.now() / 1000) - 10);
  await test.run.aws.sweepExpired();
  await test.run.settled();
}

export async function countedBytes(tables: Tables, tenantId: string, userId: string): Promise<readonly number[]> {
  const prefix = `${tenantPrefix}${tenantId}#`;
  const found = await Promise.all(
    [keys.userFiles(userId), keys.tenantFiles()].map(({ pk, sk }) => tables.get(prefix + pk, sk)),
  );
  return found.map((item) => Number(item?.['bytes'] ?? 0));
}
