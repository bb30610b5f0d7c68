import { now } from '../../../core/runtime/clock.ts';
import { absent } from '../../../core/table/expression.ts';
import { keys } from '../../../core/table/keys.ts';
import { tenantTable } from '../../../core/table/scoped-table.ts';
import type { Principal } from '../../../core/tenancy/principal.ts';
import { type AgentItem, newAgent } from '../../agents/agent-item.ts';
import { readAgent } from '../../agents/agent-store.ts';

/** The name until the agent chooses one. */
const initialName = 'Agent';

/** Returns the caller's record as an agent. The first use of the desk creates it. */
export async function ensureAgent({ scope, userId, role }: Principal): Promise<AgentItem> {
  const known = await readAgent(scope, userId);
  if (known !== undefined) return known;
  const created = newAgent(userId, role === 'agent' ? 'agent' : 'admin', initialName, now());
  const outcome = await tenantTable(scope).put(keys.agent(userId), created, absent);
  return outcome.written ? created : (outcome.existing ?? created);
}
