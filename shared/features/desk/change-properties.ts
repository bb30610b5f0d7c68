import type { rateLimited } from '../../contract/conversations/problems.ts';
import { conversationClosed, teamNotFound } from '../../contract/desk/problems.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { useLimits } from '../identity/attempt-limits.ts';
import { countUses } from '../identity/user-limit.ts';
import { propertiesKind, systemKind } from '../log/entry-kinds.ts';
import { raisesUrgency } from '../log/raises-urgency.ts';
import type { SupportState } from '../log/support-state.ts';
import { openTexts } from '../log/support-texts.ts';
import { readTakingTeam } from '../teams/team-store.ts';
import { tryToAssign } from './assignment/try-to-assign.ts';
import { type ChangedSupport, changeSupport, type DeskActor, type DeskRefusal } from './change-support.ts';
import {
  changedMembers,
  changedTexts,
  isSeenByCustomers,
  type PropertyChange,
  withProperties,
  withTexts,
} from './property-rules.ts';
import { checkTeam } from './existing-team.ts';
import { refusalOfStatus } from './refusals.ts';
import { alertAvailable } from './urgency/alert.ts';

type PropertyRefusal = Refusal<typeof teamNotFound | typeof conversationClosed> | ReturnType<typeof refusalOfStatus>;

/** A change, or a function that returns it for the current state. */
export type WantedProperties<Problem extends Refusal = never> =
  PropertyChange | ((state: SupportState) => PropertyChange | Problem);

/**
 * Changes properties of a support conversation. Alerts agents if it became urgent, and looks for an agent if it waits.
 * @param person - the person who changes it.
 */
export async function changeProperties<Problem extends Refusal = never>(
  person: Principal,
  conversationId: string,
  wanted: WantedProperties<Problem>,
  actor: DeskActor = person,
): Promise<ChangedSupport | Problem | PropertyRefusal | Refusal<typeof rateLimited> | DeskRefusal> {
  const { scope } = person;
  if ('customer' in actor) {
    const limited = await countUses(person, [{ limit: useLimits.customerChanges }]);
    if (limited !== undefined) return limited;
  }
  // A function changes members that only agents see.
  const kind = typeof wanted !== 'function' && isSeenByCustomers(wanted) ? systemKind : propertiesKind;
  const changed = await changeSupport<Problem | PropertyRefusal>(
    actor,
    conversationId,
    kind,
    async ({ item, owner, terms, seq, now }) => {
      const { support } = item;
      if (support.wipedAt !== undefined) return refuse(conversationClosed);
      const change = typeof wanted === 'function' ? wanted(support) : wanted;
      if (isRefusal(change)) return change;
      const { teamId, archived } = change;
      if (archived === true && (support.status === 'waiting' || support.status === 'active')) {
        return refusalOfStatus(support.status, ['resolved', 'closed']);
      }
      const isNewTeam = typeof teamId === 'string' && teamId !== support.teamId;
      if (isNewTeam && (await readTakingTeam(scope, teamId)) === undefined) {
        return refuse(teamNotFound, {
          errors: [{ pointer: '/teamId', code: 'custom', detail: 'must be the id of a team' }],
        });
      }
      const next = withProperties(support, change, { by: person.userId, seq, terms, now });
      const texts = openTexts(owner, item.sealed);
      const newTexts = changedTexts(texts, change);
      const members = [...Object.keys(newTexts), ...changedMembers(support, next)];
      if (members.length === 0) return 'same';
      if (support.status === 'closed' && Object.keys(newTexts).length > 0) return refuse(conversationClosed);
      return {
        support: next,
        system: { kind: 'changed', changed: members, ...newTexts },
        ...(Object.keys(newTexts).length === 0 ? {} : { texts: withTexts(texts, newTexts) }),
        ...(isNewTeam ? { extraWrites: (work) => checkTeam(work, next, now) } : {}),
      };
    },
  );
  if (isRefusal(changed) || changed.entry === undefined) return changed;
  if (raisesUrgency(changed.entry)) await alertAvailable(scope, conversationId, changed.item);
  if (changed.item.support.status === 'waiting') await tryToAssign(scope, conversationId);
  return changed;
}
