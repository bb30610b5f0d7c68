import type { ProblemDefinition } from '../../contract/kit/define-problem.ts';
import { problemBodyOf, refuse } from '../refusal.ts';
import { settleAll } from '../runtime/settle-all.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { type Connection, removeConnections } from './connections.ts';
import { closeConnection } from './delivery.ts';
import { errorFrame } from './frames.ts';

/**
 * Sends the problem to connections of one user, closes them and removes their records. If closing fails, keeps the
 * record and throws.
 * @param requestId for logs and the problem.
 */
export async function endConnections(
  scope: TenantScope,
  connections: readonly Connection[],
  reason: ProblemDefinition,
  requestId: string,
  retryAfterMs?: number,
): Promise<void> {
  const [first] = connections;
  if (first === undefined) return;
  const details = retryAfterMs === undefined ? {} : { retryAfterMs };
  const frame = errorFrame(undefined, problemBodyOf(refuse(reason, details), requestId));
  await settleAll(connections.map(({ connectionId }) => closeConnection(connectionId, frame)));
  await removeConnections(
    scope,
    first.userId,
    connections.map(({ connectionId }) => connectionId),
  );
}
