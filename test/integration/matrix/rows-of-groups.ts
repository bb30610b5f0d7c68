import { ulid } from 'ulid';
import type { Person } from '../system/world.ts';
import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import { wrongIds } from './id-values.ts';
import { absent, type Case, casesOf, type Expectation, type Row } from './row.ts';
import { conversationSlot } from './conversation-slots.ts';

/** Alice is the admin of the tenant's group, Bob a member. */
const notAdmin = { status: 403, code: 'NOT_GROUP_ADMIN' };

/** The same request by an admin and by a member of the caller's own group. */
function inGroup({ person, home }: Caller, request: OperationRequest, done: Expectation): readonly Case[] {
  if (home === undefined || (person !== home.alice && person !== home.bob)) return [];
  const ofGroup = { ...request, params: { ...request.params, conversationId: home.group } };
  return [{ name: 'own', request: ofGroup, ...(person === home.alice ? done : notAdmin) }];
}

/** Conversations that are not the caller's, groups of others among them. */
function groupSlot(rest: OperationRequest) {
  return (caller: Caller): readonly Case[] => [
    ...conversationSlot(rest)(caller),
    {
      name: 'path.conversationId is another tenant’s group',
      request: { ...rest, params: { ...rest.params, conversationId: caller.foreign.group } },
      ...absent(404, 'CONVERSATION_NOT_FOUND'),
    },
  ];
}

/** People who are not in the group: of another tenant, of none, of the own. */
function strangers({ home, foreign }: Caller, others?: Person) {
  const own = home?.bob.userId ?? ulid();
  return wrongIds({ own, foreign: foreign.bob.userId, foreignTenantId: foreign.tenantId, others: others?.userId });
}

/** The same for the tenant's own group, by its admin. */
function strangersSlot(slot: string, notFound: Expectation, request: (value: string) => OperationRequest) {
  return (caller: Caller): readonly Case[] => {
    const { home, person } = caller;
    if (home === undefined || person !== home.alice) return [];
    return casesOf(slot, strangers(caller, slot === 'path.userId' ? home.carol : undefined), notFound, (value) => {
      const { params, ...rest } = request(value);
      return { ...rest, params: { ...params, conversationId: home.group } };
    });
  };
}

/** A group of the caller and somebody who is not there. */
export const groupOfStrangers = (caller: Caller): readonly Case[] =>
  casesOf(
    'body.participants',
    strangers(caller),
    { status: 404, code: 'USER_NOT_FOUND', alike: 'absent person' },
    (userId) => ({ body: { kind: 'group', name: 'Strangers', participants: [{ userId }] } }),
  );

const renamed = ({ home }: Caller) => ({ body: { name: `${home?.textCanary} crew` } });

export const changeConversation: Row = {
  own: (caller) => inGroup(caller, renamed(caller), { status: 200 }),
  slots: { 'path.conversationId': (caller) => groupSlot(renamed(caller))(caller) },
};

const added = (userId: string) => ({ body: { participants: [{ userId }] } });

export const addParticipants: Row = {
  own: (caller) => inGroup(caller, added(caller.home?.bob.userId ?? ''), { status: 200 }),
  slots: {
    'path.conversationId': (caller) => groupSlot(added(caller.person.userId))(caller),
    'body.participants': strangersSlot('body.participants', absent(404, 'USER_NOT_FOUND'), added),
  },
};

const member = { role: 'member' };

export const changeParticipant: Row = {
  own: (caller) =>
    inGroup(caller, { params: { userId: caller.home?.bob.userId ?? '' }, body: member }, { status: 200 }),
  slots: {
    'path.conversationId': (caller) => groupSlot({ params: { userId: caller.person.userId }, body: member })(caller),
    'path.userId': strangersSlot('path.userId', absent(404, 'USER_NOT_FOUND'), (userId) => ({
      params: { userId },
      body: member,
    })),
  },
};

export const removeParticipant: Row = {
  own: (caller) => inGroup(caller, { params: { userId: caller.home?.carol.userId ?? '' } }, { status: 204 }),
  slots: {
    'path.conversationId': (caller) => groupSlot({ params: { userId: 'me' } })(caller),
    // Whoever takes no part is out already.
    'path.userId': strangersSlot('path.userId', { status: 204, alike: 'absent' }, (userId) => ({ params: { userId } })),
  },
};
