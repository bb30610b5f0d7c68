import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { absent } from '../../core/table/expression.ts';
import { deviceKeys } from '../../core/table/keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import { expiryAfter } from './device-item.ts';
import { deleteEndpoint } from './push-endpoints.ts';

/**
 * The registration that an endpoint belongs to. An item of the platform, because a phone may pass to a user of another
 * tenant. It names neither tenant nor user, so that nobody can learn of the other.
 */
interface OwnerItem {
  readonly claimId: string;
  /** The owner is deleting the endpoint. */
  readonly isReleased?: true;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

const attempts = 20;

/**
 * Makes a new registration the only owner. The former one gets no pushes from then on.
 * @returns undefined if the former owner is deleting the endpoint. Then open it again.
 */
export async function claimEndpoint(arn: string): Promise<string | undefined> {
  const key = deviceKeys.endpoint(arn);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const current = await platformTable().get<OwnerItem>(key, { consistent: true });
    if (current?.isReleased === true) {
      await finishRelease(arn, current.claimId);
      return undefined;
    }
    const next: OwnerItem = { claimId: newId(), expiresAt: expiryAfter(now()) };
    const unchanged =
      current === undefined
        ? absent
        : {
            expression: '#claimId = :read AND attribute_not_exists(#isReleased)',
            values: { read: current.claimId },
          };
    if ((await platformTable().put(key, next, unchanged)).written) return next.claimId;
  }
  throw new Error('The owner of an endpoint changed during every attempt to claim it');
}

/** Deletes the endpoint, unless another registration owns it. Can be repeated. */
export async function releaseEndpoint(arn: string, claimId: string): Promise<void> {
  const outcome = await platformTable().update<OwnerItem>(
    deviceKeys.endpoint(arn),
    { expression: 'SET #isReleased = :released', values: { released: true } },
    { expression: '#claimId = :own', values: { own: claimId } },
  );
  if (outcome.written) await finishRelease(arn, claimId);
}

/** The endpoint first: while its record exists, nobody claims the endpoint. */
async function finishRelease(arn: string, claimId: string): Promise<void> {
  await deleteEndpoint(arn);
  await platformTable().delete(deviceKeys.endpoint(arn), {
    expression: '#claimId = :own',
    values: { own: claimId },
  });
}

/** The registrations that own their endpoints. Reads consistently. */
export async function ownersAmong<Registration extends { readonly endpointArn: string; readonly claimId: string }>(
  registrations: readonly Registration[],
): Promise<readonly Registration[]> {
  const arns = [...new Set(registrations.map(({ endpointArn }) => endpointArn))];
  const items = await platformTable().batchGet<OwnerItem>(
    arns.map((arn) => deviceKeys.endpoint(arn)),
    { consistent: true },
  );
  const owners = new Set(items.filter(({ isReleased }) => isReleased !== true).map(({ claimId }) => claimId));
  return registrations.filter(({ claimId }) => owners.has(claimId));
}
