import { deskOfWalk } from '../desk/walked-desk.ts';
import type { OperationWalk } from '../iam/walk-scene.ts';
import { deadConnection, recordedConnections } from '../iam/walker.ts';
import type { Frame } from '../raw-client.ts';
import { call } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import { integrationsPath, newIntegration } from './integration-calls.ts';
import { signedChange } from './signed-change.ts';

/** A ticket gets a message and its change. Then its status resolves the conversation, and opens it again. */
export const changesTicketBothWays: OperationWalk = async (scene) => {
  const { walker } = scene;
  const { test, admin } = walker;
  const { agent, customer, start } = await deskOfWalk(scene);
  const { id: integrationId, secret } = await newIntegration(test, admin);
  const rules = { statusIn: { Resolved: 'resolve', Open: 'reopen' } };
  await scene.answer(200, 'PATCH', `${integrationsPath}/${integrationId}`, admin, { rules });
  const id = await start();
  const path = `/api/v1/conversations/${id}`;
  await scene.answer(200, 'POST', `${path}/assign`, agent, { agentId: 'me', takeOver: true });
  await scene.answer(202, 'POST', `${path}/ticket`, agent, { integrationId });
  const issue = () => test.run.vendors.jira.issues.find(({ labels }) => labels.includes(`sb-${id.toLowerCase()}`));
  await scene.eventually('the ticket exists', async () => issue() !== undefined);

  const replay = `${integrationsPath}/${integrationId}/tickets/${id}/replay`;
  const arrives = async (text: string) => {
    await scene.answer(202, 'POST', replay, admin);
    await scene.eventually(`the ticket has ${text}`, async () => {
      return issue()?.comments.some(({ body }) => body.includes(text)) === true;
    });
  };
  const message = newMessage('First');
  const { seq } = await scene.answer(201, 'POST', `${path}/messages`, customer, message);
  await arrives('First');
  await scene.answer(200, 'PATCH', `${path}/messages/${seq}`, customer, { text: 'Second' });
  await arrives('Second');

  const live = await scene.connect(customer);
  await deadConnection(walker, customer);
  for (const [status, expected] of [
    ['Resolved', 'resolved'],
    ['Open', 'active'],
  ] as const) {
    const change = {
      ...{ timestamp: Date.now(), webhookEvent: 'jira:issue_updated', user: { accountId: 'account-beth' } },
      issue: { id: issue()?.id, fields: { labels: [] } },
      changelog: { items: [{ field: 'status', toString: status }] },
    };
    const sent = await call(test.url, 'POST', `/api/v1/tickets/${integrationId}`, signedChange(secret, change));
    if (sent.status !== 202) throw new Error(sent.text);
    await scene.eventually(`the conversation is ${expected}`, async () => {
      const { status: now } = await scene.answer(200, 'GET', path, agent);
      return now === expected;
    });
  }
  await live.frame((frame: Frame) => frame.type === 'conversation.updated', walker.patienceMs);
  await scene.eventually('the dead connection is removed', async () => {
    return (await recordedConnections(walker, customer)) === 1;
  });
  await scene.answer(200, 'POST', `${path}/close`, agent);
  await scene.answer(204, 'DELETE', `${integrationsPath}/${integrationId}`, admin);
};
