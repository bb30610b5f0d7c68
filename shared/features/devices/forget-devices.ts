import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Device } from './device-item.ts';
import { changeDevices, readDevices } from './device-store.ts';
import { releaseEndpoint } from './endpoint-owner.ts';

/** Deletes the endpoints first, so that a repetition finds the rest. Keeps what was registered again meanwhile. */
export async function forgetDevices(scope: TenantScope, userId: string, forgotten: readonly Device[]): Promise<void> {
  for (const { endpointArn, claimId } of forgotten) await releaseEndpoint(endpointArn, claimId);
  const claims = new Set(forgotten.map(({ claimId }) => claimId));
  await changeDevices(scope, userId, (devices) => {
    const kept = devices.filter(({ claimId }) => !claims.has(claimId));
    return kept.length === devices.length ? devices : kept;
  });
}

/** For the erasure of a user. */
export async function forgetAllDevices(scope: TenantScope, userId: string): Promise<void> {
  await forgetDevices(scope, userId, await readDevices(scope, userId));
}
