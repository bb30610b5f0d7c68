import { randomBytes } from 'node:crypto';
import { suppressionKeys } from '../../../shared/core/table/integration-keys.ts';
import type { Tables } from '../system/tables.ts';

export function newSuppressionId(): string {
  return randomBytes(32).toString('base64url');
}

/** Stores a suppression without an address. @returns its id. */
export async function storeSuppression(tables: Tables, prefix: string, id = newSuppressionId()): Promise<string> {
  const { pk, sk } = suppressionKeys.suppression(id);
  await tables.put({ pk: prefix + pk, sk, reason: 'unsubscribed', kind: 'answer', since: Date.now() });
  return id;
}
