import { once } from 'node:events';
import type { Fault } from '../../../local/fault-plan.ts';
import type { frameProblems } from '../../../shared/contract/problems.ts';
import { largestFrame } from '../../../shared/contract/sockets/frame-limit.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import type { Person } from '../system/world.ts';
import type { FrameProblem, FrameProvocation, ProvokedAction } from './provocation.ts';
import { withSocket } from './send-frame.ts';
import type { Stage } from './stage.ts';

type Implied = (typeof frameProblems)[number]['name'];

/** Fails every table call of new environments, which have cached nothing. Posts of the error frame must not fail. */
function whileFailing(
  stage: Stage,
  action: string,
  { data, functionName }: ProvokedAction,
  fault: Fault,
): Promise<FrameProblem> {
  return withSocket(stage, stage.alice, (socket) =>
    stage.faults.during(
      (planned) => (planned.functionName === functionName && planned.service === 'dynamodb' ? fault : undefined),
      () => socket.request(action, data) as Promise<FrameProblem>,
    ),
  );
}

/** The change makes the server answer and then close the socket. */
function withRecordOf(
  stage: Stage,
  change: (stage: Stage, who: Person) => Promise<void>,
  action: string,
  { data, functionName }: ProvokedAction,
): Promise<FrameProblem> {
  return withSocket(stage, stage.stranger, async (socket) => {
    await change(stage, stage.stranger);
    // A new environment has not cached the record.
    await stage.test.run.functions.recycle(functionName);
    const [answer] = await Promise.all([
      socket.request(action, data) as Promise<FrameProblem>,
      once(socket.socket, 'close'),
    ]);
    return answer;
  });
}

export function impliedFrameProvocations(action: string): { readonly [Name in Implied]: FrameProvocation } {
  return {
    'malformed-frame': {
      provoke: (stage, { data }) =>
        withSocket(stage, stage.alice, async (socket) => {
          socket.socket.send(JSON.stringify({ action, ref: 'r', data, surprise: true }));
          return (await socket.frame((frame) => frame.type === 'error')) as FrameProblem;
        }),
      pointers: ['/frame/surprise'],
    },
    'unknown-action': {
      provoke: (stage, { data }) =>
        withSocket(stage, stage.alice, (socket) => socket.request(`${action}.not`, data) as Promise<FrameProblem>),
    },
    'payload-too-large': {
      provoke: (stage) =>
        withSocket(stage, stage.alice, async (socket) => {
          const text = JSON.stringify({ action, ref: 'r', data: { padding: 'x'.repeat(largestFrame) } });
          // The platform rejects a single frame of this size.
          socket.socket.send(text.slice(0, 20_000), { fin: false });
          socket.socket.send(text.slice(20_000), { fin: true });
          return (await socket.frame((frame) => frame.type === 'error')) as FrameProblem;
        }),
    },
    'validation-failed': {
      provoke: (_, { send }) => send({ 'sur/prise': true }),
      pointers: ['/data/sur~1prise'],
    },
    'session-ended': { provoke: (stage, provoked) => withRecordOf(stage, forgetConnections, action, provoked) },
    'too-many-connections': {
      provoke: (stage, provoked) => withRecordOf(stage, displaceConnections, action, provoked),
    },
    'internal-error': {
      provoke: (stage, provoked) =>
        whileFailing(stage, action, provoked, { kind: 'status', status: 400, code: 'AccessDeniedException' }),
    },
    'service-busy': { provoke: (stage, provoked) => whileFailing(stage, action, provoked, { kind: 'throttle' }) },
  };
}

/** As the end of a session does before it closes them. */
async function forgetConnections({ tables, prefix }: Stage, { userId }: Person): Promise<void> {
  const { pk, sk } = keys.userConnections(userId);
  await tables.delete(prefix + pk, sk);
}

/** As a newer connection does before it closes them. */
async function displaceConnections({ tables, prefix }: Stage, { userId }: Person): Promise<void> {
  const { pk, sk } = keys.userConnections(userId);
  const connections = Object.entries((await tables.get(prefix + pk, sk)) ?? {}).filter(([name]) =>
    name.startsWith('c:'),
  );
  for (const [name, stored] of connections) {
    await tables.set(prefix + pk, sk, name, { ...(stored as object), displaced: true });
  }
}
