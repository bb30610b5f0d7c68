import { ulid } from 'ulid';
import type { OperationRequest } from '../system/operations.ts';
import type { Person } from '../system/world.ts';
import type { Caller } from './caller.ts';
import { conversationAbsent, conversationSlot } from './conversation-slots.ts';
import { type IdValue, wrongIds } from './id-values.ts';
import { type Case, casesOf, type Expectation } from './request-cases.ts';

/** Alice is the group's admin, Bob a participant. */
const notAdmin = { status: 403, code: 'NOT_GROUP_ADMIN' };

export function inGroup({ person, home }: Caller, request: OperationRequest, done: Expectation): readonly Case[] {
  if (home === undefined || (person !== home.alice && person !== home.bob)) return [];
  const ofGroup = { ...request, params: { ...request.params, conversationId: home.group } };
  return [{ name: 'own', request: ofGroup, ...(person === home.alice ? done : notAdmin) }];
}

export function groupSlot(rest: (caller: Caller) => OperationRequest) {
  return (caller: Caller): readonly Case[] => {
    const request = rest(caller);
    return [
      ...conversationSlot(request)(caller),
      {
        name: 'path.conversationId is another tenant’s group',
        request: { ...request, params: { ...request.params, conversationId: caller.foreign.group } },
        ...conversationAbsent,
      },
    ];
  };
}

/** Ids of another tenant, of no tenant and of the caller's tenant. */
export function strangers({ home, foreign }: Caller, others?: Person): readonly IdValue[] {
  const own = home?.bob.userId ?? ulid();
  return wrongIds({ own, foreign: foreign.bob.userId, foreignTenantId: foreign.tenantId, others: others?.userId });
}

export function strangersSlot(slot: string, notFound: Expectation, request: (value: string) => OperationRequest) {
  return (caller: Caller): readonly Case[] => {
    const { home, person } = caller;
    if (home === undefined || person !== home.alice) return [];
    return casesOf(slot, strangers(caller, slot === 'path.userId' ? home.carol : undefined), notFound, (value) => {
      const { params, ...rest } = request(value);
      return { ...rest, params: { ...params, conversationId: home.group } };
    });
  };
}
