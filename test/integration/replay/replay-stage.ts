import type { TestRun } from '../harness.ts';
import { call, type Frame, type RawSocket, type SignedIn } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';

export interface ReplayStage {
  readonly test: TestRun;
  readonly alice: SignedIn;
  readonly bob: SignedIn;
  readonly carol: SignedIn;
  /** Joins later and sees nothing from before. */
  readonly dan: SignedIn;
  readonly socket: RawSocket;
  readonly direct: string;
  /** Alice is the admin. */
  readonly group: string;
  /** Of the desk. */
  readonly agent: SignedIn;
  readonly admin: SignedIn;
  /** Another agent. */
  readonly colleague: SignedIn;
  /** Alice's support conversation. */
  readonly support: string;
  /** Dan's. The card of `wipeConversation` wipes it. */
  readonly spareSupport: string;
  readonly integrationId: string;
}

export type ReplayStep = (stage: ReplayStage) => Promise<unknown>;

export async function perform(
  { test }: Pick<ReplayStage, 'test'>,
  who: SignedIn,
  method: string,
  path: string,
  body?: unknown,
): Promise<Frame> {
  const request = { token: who.token, ...(body === undefined ? {} : { body }) };
  const answer = await call(test.url, method, `/api/v1${path}`, request);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
}

export async function performFrame({ socket }: ReplayStage, action: string, data: object): Promise<void> {
  const answer = await socket.request(action, data);
  if (answer.type === 'error') throw new Error(JSON.stringify(answer.problem));
}

export const thumb = '👍';
export const reactionPath = (seq: number, emoji = thumb) => `/messages/${seq}/reactions/${encodeURIComponent(emoji)}`;

/** In both conversations, as Alice. */
export function withMessage(then: (stage: ReplayStage, id: string, seq: number) => Promise<unknown>): ReplayStep {
  return async (stage) => {
    for (const id of [stage.direct, stage.group]) {
      const { seq } = await perform(stage, stage.alice, 'POST', `/conversations/${id}/messages`, newMessage());
      await then(stage, id, seq);
    }
  };
}

export const overHttp = (
  method: string,
  path: (seq: number) => string,
  body: (seq: number) => object | undefined = () => undefined,
): ReplayStep =>
  withMessage((stage, id, seq) => perform(stage, stage.alice, method, `/conversations/${id}${path(seq)}`, body(seq)));

export const inFrame = (action: string, data: (seq: number) => object): ReplayStep =>
  withMessage((stage, id, seq) => performFrame(stage, action, { conversationId: id, ...data(seq) }));

export const inGroup = (
  method: string,
  path: (stage: ReplayStage) => string,
  body: (stage: ReplayStage) => object | undefined = () => undefined,
): ReplayStep => {
  return (stage) => perform(stage, stage.alice, method, `/conversations/${stage.group}${path(stage)}`, body(stage));
};

/** In Alice's support conversation, as the agent. The cards of the desk come in an order that its statuses allow. */
export const inSupportOf = (
  method: string,
  path: string,
  body: (stage: ReplayStage) => object | undefined = () => undefined,
): ReplayStep => {
  return (stage) => perform(stage, stage.agent, method, `/conversations/${stage.support}${path}`, body(stage));
};

export const pathOfDan = ({ dan }: ReplayStage) => `/participants/${dan.userId}`;

export const inTurn =
  (...steps: readonly ReplayStep[]): ReplayStep =>
  async (stage) => {
    for (const step of steps) await step(stage);
  };
