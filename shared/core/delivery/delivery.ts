import { AwsClient } from '../aws/aws-client.ts';
import { DeleteConnectionCommand, PostToConnectionCommand } from '../aws/socket-commands.ts';
import { config } from '../runtime/config.ts';
import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';
import { settleAll } from '../runtime/settle-all.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { forgetGone } from './connections.ts';
import { endLease } from './leases.ts';
import { callLimits } from '../runtime/call-limits.ts';

export interface Post {
  readonly userId: string;
  readonly connectionId: string;
  readonly frame: object;
}

export type PostResult = 'delivered' | 'gone' | 'failed';

/** It retries a throttled post (429) twice. */
const management = new AwsClient({
  endpoint: () => config.socketEndpoint,
  limits: { ...callLimits, requestTimeout: 1500 },
});

/**
 * Posts all frames concurrently. A failed post does not throw: the client detects the gap. Removes the records of
 * connections that are gone.
 */
export async function deliver(scope: TenantScope, posts: readonly Post[]): Promise<readonly PostResult[]> {
  const bodies = new Map<object, Uint8Array>();
  for (const { frame } of posts) {
    if (!bodies.has(frame)) bodies.set(frame, bytesOf(frame));
  }
  return settleAll(
    posts.map(async (post) => {
      const result = await postBytes(post.connectionId, bodies.get(post.frame) ?? new Uint8Array());
      if (result === 'gone') await forget(scope, post);
      if (result === 'failed') count('DeliveryFailed');
      return result;
    }),
  );
}

function bytesOf(frame: object): Uint8Array {
  return Buffer.from(JSON.stringify(frame));
}

async function postBytes(connectionId: string, data: Uint8Array): Promise<PostResult> {
  try {
    await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: data }));
    return 'delivered';
  } catch (error) {
    if (isGone(error)) return 'gone';
    log('warn', 'delivery.failed', { connectionId }, error);
    return 'failed';
  }
}

async function forget(scope: TenantScope, post: Post): Promise<void> {
  count('DeliveryGone');
  try {
    const forgotten = await forgetGone(scope, post.userId, post.connectionId);
    // A connection that is opening may already have a lease.
    if (forgotten) await endLease(scope, post.userId, post.connectionId, 'discovered');
  } catch (error) {
    log('warn', 'connection.not-forgotten', { connectionId: post.connectionId }, error);
  }
}

/**
 * Closes a connection if it is open.
 * @param reason a frame to send first; API Gateway has no custom close codes.
 *   https://docs.aws.amazon.com/apigatewaymanagementapi/latest/api/API_DeleteConnection.html
 */
export async function closeConnection(connectionId: string, reason?: object): Promise<void> {
  if (reason !== undefined && (await postBytes(connectionId, bytesOf(reason))) === 'gone') return;
  try {
    await management.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return error.name === 'GoneException' || status === 410;
}
