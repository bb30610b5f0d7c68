import type { verifyToken as verifyTokenRoute } from '../../contract/identity/verify-token.ts';
import { invalidToken } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import type { UseCase } from '../../core/use-case.ts';
import { authenticate } from './authenticate.ts';

export const verifyToken: UseCase<typeof verifyTokenRoute> = async ({ token }) => {
  const caller = await authenticate(token);
  if (caller === undefined) return refuse(invalidToken);
  const { userId, tenantId, role, expiresAt } = caller;
  return { valid: true, user: { id: userId, tenantId, role }, expiresAt: toTimestamp(expiresAt) };
};
