import type { Assembly } from '../../contract.ts';
import type { ObjectStore } from '../messaging/message-stores.ts';

interface LifecycleRule {
  readonly Status?: string;
  readonly Prefix?: string;
  readonly ExpirationInDays?: unknown;
}

const dayMs = 24 * 60 * 60 * 1000;
const pageSize = 1000;

/**
 * Days are rounded up to the next midnight UTC.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html#intro-lifecycle-rules-number-of-days
 *
 * @returns the number of deleted objects.
 */
export function expireObjects(assembly: Assembly, store: ObjectStore, now: number): number {
  let deleted = 0;
  for (const { physicalId, properties } of assembly.ofType('AWS::S3::Bucket')) {
    const { Rules: rules = [] } = (properties['LifecycleConfiguration'] ?? {}) as {
      readonly Rules?: readonly LifecycleRule[];
    };
    for (const { Status: status, Prefix: prefix = '', ExpirationInDays: days } of rules) {
      if (status !== 'Enabled' || days === undefined) continue;
      for (const { key, lastModified } of objectsOf(store, physicalId, prefix)) {
        const end = Math.ceil((lastModified.getTime() + Number(days) * dayMs) / dayMs) * dayMs;
        if (end > now) continue;
        store.deleteObject(physicalId, key);
        deleted += 1;
      }
    }
  }
  return deleted;
}

function objectsOf(store: ObjectStore, bucket: string, prefix: string) {
  const found = [];
  let startAfter: string | undefined;
  for (;;) {
    const page = store.listObjects(bucket, {
      prefix,
      maxKeys: pageSize,
      ...(startAfter === undefined ? {} : { startAfter }),
    });
    found.push(...page.objects);
    startAfter = page.objects.at(-1)?.key;
    if (!page.isTruncated || startAfter === undefined) return found;
  }
}
