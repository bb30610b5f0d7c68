import { ulid } from 'ulid';
import { expect } from 'vitest';
import { createConversation } from '../../shared/contract/conversations/create-conversation.ts';
import { removeParticipant } from '../../shared/contract/groups/participants.ts';
import { useLimits } from '../../shared/features/identity/attempt-limits.ts';
import { ask, type CrashWorld, syntheticUser } from '../integration/crashes/crash-world.ts';
import { closeAfterwards, ofAgent } from '../integration/crashes/desk-world.ts';
import { patiently, persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { groupCalls } from '../integration/groups/group-calls.ts';
import { halfDeadAudience, recordedConnections } from '../integration/iam/walker.ts';
import { strangers } from '../integration/matrix/group-slots.ts';
import { wrongIds } from '../integration/matrix/id-values.ts';
import type { Caller } from '../integration/matrix/caller.ts';
import { absent, type Case, casesOf, malformed } from '../integration/matrix/request-cases.ts';
import { teamsSlot, templatesOfBodySlot } from '../integration/matrix/support-slots.ts';
import { tooMany } from '../integration/problems/group-provocations.ts';
import { limited } from '../integration/problems/limit-provocations.ts';
import { startProblems } from '../integration/problems/start-provocations.ts';
import type { ProvokedOperation } from '../integration/problems/provocation.ts';
import { sendRequest } from '../integration/problems/send-request.ts';
import type { Stage } from '../integration/problems/stage.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { newMessage } from '../integration/system/new-message.ts';
import type { Person } from '../integration/system/world.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { createdTemplate, newReply, newStaff } from '../integration/templates/template-calls.ts';
import { defineCard } from './kit/define-card.ts';

const direct = (userId: string) => ({ body: { kind: 'direct', userId } });

function group({ bob }: Stage) {
  return { kind: 'group', name: 'Crew', participants: [{ userId: bob.userId }], clientConversationId: ulid() };
}

const path = '/api/v1/conversations';

const notForGuests = { status: 403, code: 'FORBIDDEN', alike: 'kinds' };

/** Guests start support conversations only. */
function asUser(cases: (caller: Caller) => readonly Case[]) {
  return (caller: Caller): readonly Case[] =>
    cases(caller).map((each) =>
      caller.role !== 'guest' || each.code === malformed.code ? each : { ...each, ...notForGuests },
    );
}

interface SupportStart {
  readonly body: object;
  id: string;
}

/** The agent of the team gets the conversation, whenever the function fails. */
function supportSweep(world: CrashWorld, customer: Person): CrashScript<SupportStart> {
  return {
    prepare: async () => {
      const body = { kind: 'support', ...ofAgent(world), clientConversationId: ulid(), message: newMessage() };
      return { body, id: '' };
    },
    attempt: async (state) => {
      const answer = await patiently(world, () => ask(world, customer, 'POST', path, state.body));
      expect([200, 201], answer.text).toContain(answer.status);
      state.id = answer.body.id;
    },
    check: async ({ id }) => {
      await closeAfterwards(world, id, ['opened', 'text', 'assigned']);
    },
  };
}

export const card = defineCard(createConversation, {
  matrix: {
    own: ({ home, person }) => {
      if (home !== undefined && person === home.guest) {
        return [{ name: 'own', request: { body: { kind: 'support', subject: 'Again' } }, status: 200 }];
      }
      if (home === undefined || (person !== home.alice && person !== home.bob)) return [];
      // Alice and Bob already have a conversation.
      const other = person === home.alice ? home.bob : home.alice;
      return [{ name: 'own', request: direct(other.userId), status: 200 }];
    },
    slots: {
      'body.customerId': (caller) => {
        const { home, foreign, role } = caller;
        const values = wrongIds({
          own: home?.bob.userId ?? ulid(),
          foreign: foreign.guest.userId,
          foreignTenantId: foreign.tenantId,
        });
        const opensForOthers = role === 'agent' || role === 'admin' || role === 'staff';
        const notFound = opensForOthers
          ? { status: 404, code: 'USER_NOT_FOUND', alike: 'absent customer' }
          : { status: 403, code: 'FORBIDDEN', alike: 'other customers' };
        return casesOf('body.customerId', values, notFound, (customerId) => ({
          body: { kind: 'support', customerId },
        }));
      },
      'body.teamId': (caller) => {
        // A guest gets its open conversation, whatever the request has.
        const notFound = caller.role === 'guest' ? { status: 200 } : absent(404, 'TEAM_NOT_FOUND');
        return teamsSlot('body.teamId', (_, teamId) => ({ body: { kind: 'support', teamId } }), notFound)(caller);
      },
      'body.templateId': (caller) => {
        const notFound = caller.role === 'guest' ? { status: 200 } : absent(404, 'TEMPLATE_NOT_FOUND');
        return templatesOfBodySlot((_, templateId) => ({ body: { kind: 'support', templateId } }), notFound)(caller);
      },
      'body.incidentId': () =>
        ['', 'x'.repeat(256)].map((incidentId) => ({
          name: `body.incidentId has ${incidentId.length} characters`,
          request: { body: { kind: 'support', incidentId } },
          ...malformed,
        })),
      'body.userId': asUser((caller) => {
        const { home, foreign, person } = caller;
        const own = home?.bob.userId ?? ulid();
        const values = wrongIds({ own, foreign: foreign.bob.userId, foreignTenantId: foreign.tenantId });
        return [
          ...casesOf('body.userId', values, absent(404, 'USER_NOT_FOUND'), direct),
          {
            name: 'body.userId is the caller',
            request: direct(person.userId),
            ...{ status: 422, code: 'CONVERSATION_WITH_SELF' },
          },
        ];
      }),
      'body.participants': asUser((caller) =>
        casesOf(
          'body.participants',
          strangers(caller),
          { status: 404, code: 'USER_NOT_FOUND', alike: 'absent person' },
          (userId) => ({ body: { kind: 'group', name: 'Strangers', participants: [{ userId }] } }),
        ),
      ),
    },
  },
  goodRequest: ({ alice, bob }) => ({ by: alice, ...direct(bob.userId) }),
  problems: {
    ...startProblems,
    forbidden: { provoke: (stage, { send }) => send({ by: stage.guest }) },
    'template-not-found': {
      provoke: (_, { send }) => send({ body: { kind: 'support', templateId: ulid() } }),
      pointers: ['/body/templateId'],
    },
    'user-not-found': { provoke: (stage, { send }) => send(direct(stage.suspended.userId)) },
    'conversation-with-self': {
      provoke: (stage, { send }) => send(direct(stage.alice.userId)),
      pointers: ['/body/userId'],
    },
    'rate-limited': limited(
      useLimits.conversations,
      ({ alice }) => alice.userId,
      (stage, { send }: ProvokedOperation) => send(direct(stage.guest.userId)),
    ),
    'group-full': {
      provoke: (stage, { send }) => {
        const body = group(stage);
        return send({ body: { ...body, participants: [...body.participants, ...tooMany(stage)] } });
      },
    },
    'clock-skew': {
      provoke: (stage, { send }) =>
        send({ body: { ...group(stage), clientConversationId: ulid(Date.now() + 10 * 60_000) } }),
    },
    'idempotency-conflict': {
      provoke: async (stage, { send }) => {
        const body = group(stage);
        await send({ body });
        return send({ body: { ...body, name: 'Another' } });
      },
      changes: 'the provocation creates a group',
    },
    'conversation-not-found': {
      provoke: async (stage, { send }) => {
        const body = group(stage);
        const created = await send({ body });
        const params = { conversationId: created.body.id as string, userId: 'me' };
        await sendRequest(stage, removeParticipant, { by: stage.alice, params });
        return send({ body });
      },
      changes: 'the provocation creates a group and leaves it',
    },
  },
  crash: {
    sweeps: {
      'start a conversation': (world: CrashWorld): CrashScript<{ readonly userId: string; id: string }> => {
        const start = (userId: string) => ask(world, world.alice, 'POST', path, { kind: 'direct', userId });
        return {
          prepare: async () => ({ userId: await syntheticUser(world), id: '' }),
          attempt: async (state) => {
            const answer = await persist(() => start(state.userId));
            expect([200, 201], answer.text).toContain(answer.status);
            state.id = answer.body.id;
          },
          check: async ({ userId, id }) => {
            expect(await start(userId)).toMatchObject({ status: 200, body: { id } });
          },
        };
      },
      'start a support conversation': (world: CrashWorld) => supportSweep(world, world.desk.customer),
      'start a guest’s support conversation': (world: CrashWorld) => supportSweep(world, world.desk.guest),
      'start a group': (world: CrashWorld): CrashScript<{ readonly body: object; id: string }> => {
        const start = (body: object) => ask(world, world.alice, 'POST', path, body);
        return {
          prepare: async () => {
            const participants = [{ userId: await syntheticUser(world) }, { userId: await syntheticUser(world) }];
            return { body: { kind: 'group', name: 'Crew', participants, clientConversationId: ulid() }, id: '' };
          },
          attempt: async (state) => {
            const answer = await persist(() => start(state.body));
            expect([200, 201], answer.text).toContain(answer.status);
            expect(answer.body.participants).toHaveLength(3);
            state.id = answer.body.id;
          },
          check: async ({ body, id }) => {
            expect(await start(body)).toMatchObject({ status: 200, body: { id, lastSeq: 1 } });
          },
        };
      },
    },
  },
  replay: async (stage) => {
    await groupCalls(stage.test).started(stage.alice, [stage.bob, stage.dan]);
    await perform(stage, stage.carol, 'POST', '/conversations', { kind: 'direct', userId: stage.dan.userId });
  },
  walk: async (scene) => {
    const { walker } = scene;
    const { from, to, live, id } = await halfDeadAudience(walker);
    const isOfIt = (frame: { type: string; conversationId: string }) =>
      frame.type === 'conversation.created' && frame.conversationId === id;
    await live.frame(isOfIt, walker.patienceMs);
    await scene.answer(200, 'POST', path, from, { kind: 'direct', userId: to.userId });
    await scene.eventually('the dead connection is removed', async () => (await recordedConnections(walker, to)) === 1);
    await live.close();
    const { agent, start } = await deskOfWalk(scene);
    const { test } = walker;
    const templateId = await createdTemplate(test, await newStaff(test), newReply({ scope: 'global' }));
    const support = await start({ templateId, message: newMessage() });
    const closed = await scene.answer(200, 'POST', `${path}/${support}/close`, agent);
    expect(closed.subject).toEqual(expect.any(String));
  },
});
