import type { Action } from '../../../shared/contract/kit/define-action.ts';
import { connect } from '../people.ts';
import type { RawSocket } from '../raw-client.ts';
import { functionAnswering, functionPrefix } from '../system/operations.ts';
import type { Person } from '../system/world.ts';
import type { FrameProblem, ProvokedAction } from './provocation.ts';
import type { Stage } from './stage.ts';

export async function withSocket<Result>(
  stage: Stage,
  who: Person,
  work: (socket: RawSocket) => Promise<Result>,
): Promise<Result> {
  const socket = await connect(stage.test, who);
  try {
    return await work(socket);
  } finally {
    await socket.close();
  }
}

interface AnsweredAction {
  readonly action: Action;
  readonly goodFrame: (stage: Stage) => Readonly<Record<string, unknown>>;
}

export function provokedAction({ action, goodFrame }: AnsweredAction, stage: Stage): ProvokedAction {
  const data = goodFrame(stage);
  return {
    data,
    send: (change = {}, by = stage.alice) =>
      withSocket(stage, by, (socket) => socket.request(action.action, { ...data, ...change }) as Promise<FrameProblem>),
    functionName: functionPrefix + functionAnswering(action),
  };
}
