import type { unsubscribe as unsubscribeRoute } from '../../contract/mail/unsubscribe.ts';
import { invalidToken } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { openTenantById } from '../identity/open-tenant.ts';
import { unsubscribeAddress } from '../mail/suppression-store.ts';
import { switchMailsOff } from '../notifications/notification-store.ts';
import { isGenuine } from './unsubscribe-token.ts';
import { partsOf } from './unsubscribe-token-rules.ts';

/** Users stop getting digests, and customers mails about answers. */
export const unsubscribe: UseCase<typeof unsubscribeRoute> = async ({ token }) => {
  const parts = partsOf(token);
  const tenant = parts && (await openTenantById(parts.tenantId));
  if (parts === undefined || tenant === undefined) return refuse(invalidToken);
  const { subscriber } = parts;
  if (!isGenuine(tenant, subscriber, token)) return refuse(invalidToken);
  if (subscriber.kind === 'user') await switchMailsOff(tenant.scope, subscriber.id);
  else await unsubscribeAddress(tenant.scope, subscriber.id);
  return undefined;
};
