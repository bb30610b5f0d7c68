import { deskOfWalk } from '../desk/walked-desk.ts';
import type { OperationWalk } from '../iam/walk-scene.ts';
import { newSession } from '../iam/walker.ts';
import { conversationOf } from '../people.ts';
import { functionPrefix } from '../system/operations.ts';
import { newMessage } from '../system/new-message.ts';
import { Phones } from './phones.ts';

/** A push, what the desk pushes, and the end of a session. */
export const receivesPushes: OperationWalk = async (scene) => {
  const { walker } = scene;
  const phones = new Phones(walker.test);
  const [from, to] = await Promise.all([newSession(walker), newSession(walker)]);
  const id = await conversationOf(walker.test, from, to);
  const phone = await phones.phoneOf(to);
  await phones.announceFirstDevice();
  const received = (token: string) => walker.test.run.recorder.sinks('push').some((push) => push['token'] === token);
  await scene.answer(201, 'POST', `/api/v1/conversations/${id}/messages`, from, newMessage());
  await scene.eventually('the phone receives a push', async () => received(phone));

  const { agent, start } = await deskOfWalk(scene);
  const ofAgent = await phones.phoneOf(agent);
  const support = await start();
  await scene.eventually('the agent receives a push', async () => received(ofAgent));
  await scene.answer(200, 'POST', `/api/v1/conversations/${support}/close`, agent);

  await scene.answer(204, 'POST', '/api/v1/auth/logout', undefined, { refreshToken: to.refreshToken });
  await scene.eventually('the endpoint is deleted', async () => !(await phones.tokens('APNS')).includes(phone));
};

/** Reads a message, so that the user's phone withdraws its push. */
export const withdrawsPush: OperationWalk = async (scene) => {
  const { walker } = scene;
  const { run } = walker.test;
  const phones = new Phones(walker.test);
  const [from, to] = await Promise.all([newSession(walker), newSession(walker)]);
  const id = await conversationOf(walker.test, from, to);
  await phones.phoneOf(to);
  // The function may remember that the tenant had no device.
  await run.functions.recycle(`${functionPrefix}receipts`);
  const path = `/api/v1/conversations/${id}`;
  const { seq } = await scene.answer(201, 'POST', `${path}/messages`, from, newMessage());
  await scene.answer(200, 'POST', `${path}/receipts`, to, { readSeq: seq });
  await scene.eventually('the bus has the event', async () => {
    const events = run.recorder.sinks('event').map((event) => event['detail'] as { type: string; data: object });
    return events.some(({ type, data }) => type === 'conversation.read' && JSON.stringify(data).includes(id));
  });
};
