import { ulid } from 'ulid';
import { deskOfWalk } from '../desk/walked-desk.ts';
import type { OperationWalk } from '../iam/walk-scene.ts';
import { deadConnection, recordedConnections } from '../iam/walker.ts';
import { createdTemplate, newForm, newStaff } from '../templates/template-calls.ts';
import { deliver, newSource, resultOf } from './incident-calls.ts';

/** Opens and ends the conversation of an incident. */
export const processesIncident: OperationWalk = async (scene) => {
  const { walker } = scene;
  const { test, admin } = walker;
  const { agent, team } = await deskOfWalk(scene);
  const templateId = await createdTemplate(test, await newStaff(test), newForm({ scope: 'global' }));
  const then = { teamId: team, templateId, close: 'resolve-if-unanswered' };
  const source = await newSource(test, admin, { rules: [{ name: 'All', then }] });
  const live = await scene.connect(agent);
  await deadConnection(walker, agent);
  const event = { incidentKey: ulid(), title: 'Down' };
  const { body } = await deliver(test, source, { ...event, event: 'open' });
  await live.frame((frame) => frame.data?.text === event.title, walker.patienceMs);
  await scene.eventually('the dead connection is removed', async () => {
    return (await recordedConnections(walker, agent)) === 1;
  });
  const result = async () => resultOf(test, admin, source, body.deliveryId);
  await scene.eventually('the incident is open', async () => (await result())?.outcome === 'opened');
  const { conversationId } = await result();
  await deliver(test, source, { ...event, event: 'close' });
  await scene.eventually('the conversation is resolved', async () => {
    const { status } = await scene.answer(200, 'GET', `/api/v1/conversations/${conversationId}`, agent);
    return status === 'resolved';
  });
  await scene.answer(200, 'POST', `/api/v1/conversations/${conversationId}/close`, agent);
  await scene.answer(204, 'DELETE', `/api/v1/admin/sources/${source.id}`, admin);
  await live.close();
};
