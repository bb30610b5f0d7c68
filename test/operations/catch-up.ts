import { expect } from 'vitest';
import { catchUp } from '../../shared/contract/sync/catch-up.ts';
import { hello } from '../../shared/contract/sync/hello.ts';
import { malformedFrame } from '../../shared/contract/problems.ts';
import { useLimits } from '../../shared/features/identity/attempt-limits.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { complaintOf, isComplaintSince, persistFrame } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { ownConversation, wrongConversations } from '../integration/matrix/conversation-values.ts';
import { invalidFrame } from '../integration/matrix/frame-cases.ts';
import { malformed } from '../integration/matrix/request-cases.ts';
import { limited } from '../integration/problems/limit-provocations.ts';
import type { ProvokedAction } from '../integration/problems/provocation.ts';
import type { Frame, RawSocket } from '../integration/raw-client.ts';
import { performFrame } from '../integration/replay/replay-stage.ts';
import { defineCard, defineFrameCard, readsOnly } from './kit/define-card.ts';

const fromTheBeginning = 'WzBd';

interface Missed {
  readonly from: number;
  readonly end: number;
  readonly after: number;
}

/** More than two pages of entries, but too few for a snapshot. */
const missed = 250;

function isLastPage(socket: RawSocket, after: number, frame: Frame): boolean {
  return frame.type === 'sync.page' && frame.data.complete === true && socket.frames.indexOf(frame) >= after;
}

export const card = defineCard(catchUp, {
  matrix: {
    own: (caller) => {
      const conversationId = ownConversation(caller);
      const positions = conversationId === undefined ? {} : { positions: `${conversationId}:0` };
      return [
        { name: 'plain', request: {}, status: 200 },
        { name: 'own', request: { query: positions }, status: 200 },
        { name: 'from the beginning', request: { query: { since: fromTheBeginning } }, status: 200 },
      ];
    },
    slots: {
      // The answer omits foreign conversations.
      'query.positions': (caller) =>
        wrongConversations(caller).map(({ kind, value, form }) => ({
          name: `query.positions names ${kind}`,
          request: { query: { positions: `${value}:0` } },
          ...(form === 'malformed' ? malformed : { status: 200 }),
        })),
    },
  },
  goodRequest: ({ alice, conversation }) => ({ by: alice, query: { positions: `${conversation}:0` } }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const [{ from, to, id }, { path, seq }] = await Promise.all([scene.audience(), scene.message()]);
    await scene.answer(200, 'PATCH', `${path}/messages/${seq}`, from, { text: 'edited' });
    const page = await scene.answer(200, 'GET', `/api/v1/sync?positions=${id}:${seq}`, to);
    expect(page.events[0]).toMatchObject({ type: 'message.updated' });
  },
});

export const frameCard = defineFrameCard(hello, {
  matrix: {
    own: (caller) => {
      const conversation = ownConversation(caller);
      return [
        { name: 'plain', data: {}, answer: 'welcome', events: 0 },
        ...(conversation === undefined
          ? []
          : [
              { name: 'own', data: { resume: { [conversation]: 1 } }, answer: 'welcome', events: -1 },
              { name: 'from the beginning', data: { since: fromTheBeginning }, answer: 'welcome', events: -1 },
            ]),
      ];
    },
    slots: {
      'data.resume': (caller) => {
        // `fromEntries` also creates `__proto__`.
        const resume = (values: readonly string[]) => Object.fromEntries(values.map((value) => [value, 0]));
        const wrong = wrongConversations(caller);
        const [unknown, ...others] = wrong.filter(({ form }) => form !== 'malformed').map(({ value }) => value);
        const absent = { answer: 'welcome', events: 0, alike: 'absent' };
        return [
          { name: 'data.resume names an unknown id', data: { resume: resume([unknown ?? '']) }, ...absent },
          // One frame, because the catch-ups of a connection are limited.
          { name: 'data.resume names conversations of others', data: { resume: resume(others) }, ...absent },
          ...wrong
            .filter(({ form }) => form === 'malformed')
            .map(({ kind, value }) => ({
              name: `data.resume names ${kind}`,
              data: { resume: resume([value]) },
              answer: value === '__proto__' ? malformedFrame.code : invalidFrame,
            })),
        ];
      },
    },
  },
  goodFrame: ({ conversation }) => ({ resume: { [conversation]: 0 } }),
  problems: {
    'rate-limited': limited(
      useLimits.catchUps,
      ({ alice }) => alice.userId,
      (_, { send }: ProvokedAction) => send(),
    ),
  },
  crash: {
    sweeps: {
      hello: (world: CrashWorld): CrashScript<Missed> => ({
        prepare: async () => {
          const path = `/api/v1/conversations/${world.conversation}`;
          const { lastSeq: end } = (await ask(world, world.alice, 'GET', path)).body;
          return { from: Math.max(0, end - missed), end, after: world.aliceSocket.frames.length };
        },
        attempt: async ({ from, end }) => {
          const resume = { [world.conversation]: from };
          const seqs = new Set<number>();
          const answer = await persistFrame(world.aliceSocket, 'hello', { resume }, async (_answer, socket, after) => {
            // The last page, or API Gateway's error.
            const last = await socket.frame(
              (frame) => isComplaintSince(socket, after, frame) || isLastPage(socket, after, frame),
            );
            for (const page of socket.frames.slice(after).filter((frame) => frame.type === 'sync.page')) {
              // Receipts have no number in the log.
              for (const { seq } of page.data.events) if (seq !== undefined) seqs.add(seq);
            }
            return last.type === 'sync.page';
          });
          expect(answer).toMatchObject({ type: 'welcome' });
          const expected = Array.from({ length: end - from }, (_, index) => from + 1 + index);
          expect([...seqs].sort((a, b) => a - b)).toEqual(expected);
        },
        check: ({ after }, point) => complaintOf(world.aliceSocket, after, point),
      }),
    },
  },
  replay: (stage) => performFrame(stage, 'hello', { resume: { [stage.group]: 0 } }),
  walk: async (scene) => {
    const [{ id }, socket] = await Promise.all([scene.audience(), scene.socket()]);
    const answer = await scene.request(socket, 'hello', { resume: { [id]: 0 } });
    expect(answer.type).toBe('welcome');
  },
});
