import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readyAttachment, textFile, uploaded } from '../attachments/upload.ts';
import { newGuestPerson } from '../guests/guest-person.ts';
import type { TestRun } from '../harness.ts';
import { connect } from '../people.ts';
import { sharedTestRun } from '../shared-run.ts';
import { createdTemplate, newForm, newReply, templateCalls } from '../templates/template-calls.ts';
import { deskOf } from './desk-people.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

const fields = [
  { id: 'host', type: 'text', label: 'Which host?', required: true },
  { id: 'level', type: 'dropdown', label: 'How severe?', options: ['Low', 'High'] },
  { id: 'log', type: 'file', label: 'The log' },
];

async function stageOf(name: string) {
  const desk = await deskOf(test, name, { autoAssign: 'off' });
  const amina = await desk.agent('amina');
  const guest = await newGuestPerson(test, desk.slug, name);
  const id = await desk.start(guest);
  await desk.post(desk.admin, `/conversations/${id}/assign`, { agentId: amina.userId });
  const templateId = await createdTemplate(test, desk.admin, newForm({ fields }));
  const sendForm = (body: object = {}) =>
    desk.post(amina, `/conversations/${id}/forms`, { templateId, clientMessageId: ulid(), ...body });
  const respond = (body: object, who: typeof amina = guest) =>
    desk.post(who, `/conversations/${id}/template-response`, { clientMessageId: ulid(), ...body });
  return { desk, amina, guest, id, templateId, sendForm, respond };
}

describe('a form', () => {
  it('reaches the customer with a copy of its fields, and stays as it was when the template changes', async () => {
    const { desk, amina, guest, id, templateId, sendForm } = await stageOf('sent');
    const socket = await connect(test, guest);
    const clientMessageId = ulid();
    const sent = await sendForm({ values: { customer: 'Ann', host: 'web-3' }, clientMessageId });
    expect(sent.status, sent.text).toBe(201);
    const copy = { templateId, name: 'Log request', language: 'en', fields };
    const shown = { type: 'form', text: 'Hello Ann, send the logs of web-3.', form: copy, senderId: amina.userId };
    expect(sent.body).toMatchObject(shown);
    const frame = await socket.frame(({ type, data }) => type === 'message.created' && data.type === 'form');
    expect(frame.data).toMatchObject(shown);
    await templateCalls(test).update(desk.admin, templateId, { text: 'Changed', fields: fields.slice(0, 1) });
    const [repeated, read] = await Promise.all([
      sendForm({ values: { customer: 'Ann', host: 'web-3' }, clientMessageId }),
      desk.get(guest, `/conversations/${id}/messages/${sent.body.seq}`),
    ]);
    expect(repeated).toMatchObject({ status: 200, body: { ...shown, seq: sent.body.seq } });
    expect(read.body).toMatchObject(shown);
    expect((await templateCalls(test).get(desk.admin, templateId)).body.useCount).toBe(1);
    expect((await desk.get(amina, `/conversations/${id}`)).body.sla).toMatchObject({ metric: 'resolution' });
    const edit = { text: 'Other', clientMessageId: ulid() };
    const edited = await desk.patch(amina, `/conversations/${id}/messages/${sent.body.seq}`, edit);
    expect(edited.body).toMatchObject({ code: 'MESSAGE_NOT_EDITABLE' });
    await socket.close();
  });

  it('is sent by agents only, and only from a form', async () => {
    const { desk, amina, guest, id, sendForm } = await stageOf('unsent');
    const path = `/conversations/${id}/forms`;
    const templateId = await createdTemplate(test, desk.admin, newReply());
    expect(await sendForm({ templateId })).toMatchObject({ status: 409, body: { code: 'NOT_A_FORM' } });
    expect(await sendForm({ templateId: ulid() })).toMatchObject({ status: 404, body: { code: 'TEMPLATE_NOT_FOUND' } });
    const request = { templateId, clientMessageId: ulid() };
    expect((await desk.post(guest, path, request)).status).toBe(403);
    await desk.post(amina, `/conversations/${id}/close`);
    const template = await createdTemplate(test, desk.admin, newForm());
    expect((await sendForm({ templateId: template })).body).toMatchObject({ code: 'CONVERSATION_CLOSED' });
  });

  it('is answered by the customer, with files, once for each id', async () => {
    const { desk, amina, guest, id, sendForm, respond } = await stageOf('answered');
    const { seq } = (await sendForm()).body;
    const log = await readyAttachment(test, guest, id, textFile('lines'));
    const clientMessageId = ulid();
    const body = { formSeq: seq, answers: { host: 'web-3', level: 'High', log }, clientMessageId };
    const socket = await connect(test, amina);
    const response = await respond(body);
    expect(response.status, response.text).toBe(201);
    expect(response.body).toMatchObject({
      ...{ type: 'form-response', replyTo: seq, answers: { host: 'web-3', level: 'High', log } },
      attachments: [{ id: log }],
    });
    const frame = await socket.frame(({ type, data }) => type === 'message.created' && data.type === 'form-response');
    expect(frame.data.answers).toEqual({ host: 'web-3', level: 'High', log });
    expect(await respond(body)).toMatchObject({ status: 200, body: { seq: response.body.seq } });
    const conversation = (await desk.get(amina, `/conversations/${id}`)).body;
    expect(conversation).toMatchObject({ unreadCount: 1, lastSeq: response.body.seq, status: 'active' });
    expect(conversation.waitingSince).toBe(response.body.createdAt);
    const again = await respond({ formSeq: seq, answers: { host: 'web-4', log } });
    expect(again).toMatchObject({ status: 409, body: { code: 'ATTACHMENT_ALREADY_SENT' } });
    expect(again.body.errors).toMatchObject([{ pointer: '/body/answers/log' }]);
    expect((await respond({ formSeq: seq, answers: { host: 'web-4' } })).status).toBe(201);
    await socket.close();
  });

  it('refuses answers that do not fit, and points to each', async () => {
    const { desk, amina, guest, id, sendForm, respond } = await stageOf('unfit');
    const { seq } = (await sendForm()).body;
    const wrong = await respond({ formSeq: seq, answers: { level: 'Huge', more: 'x' } });
    expect(wrong).toMatchObject({ status: 422, body: { code: 'INVALID_ANSWERS' } });
    expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/body/answers/host',
      '/body/answers/level',
      '/body/answers/more',
    ]);
    expect(wrong.text).not.toContain('Huge');
    const unfinished = await uploaded(test, guest, id, textFile('x'));
    const answers = { host: 'web', log: unfinished };
    expect((await respond({ formSeq: seq, answers })).body).toMatchObject({
      ...{ code: 'ATTACHMENT_NOT_UPLOADED', errors: [{ pointer: '/body/answers/log' }] },
    });
    const others = await readyAttachment(test, amina, id, textFile('y'));
    const stolen = await respond({ formSeq: seq, answers: { host: 'web', log: others } });
    expect(stolen.body).toMatchObject({ code: 'ATTACHMENT_NOT_FOUND', errors: [{ pointer: '/body/answers/log' }] });
    expect((await respond({ formSeq: 1, answers: {} })).body).toMatchObject({ code: 'FORM_NOT_FOUND' });
    expect((await respond({ formSeq: seq, answers: { host: 'web' } }, amina)).status).toBe(403);
    expect((await respond({ formSeq: seq, answers: { host: 'web' } }, desk.customer)).status).toBe(404);
    await desk.post(amina, `/conversations/${id}/close`);
    expect((await respond({ formSeq: seq, answers: { host: 'web' } })).body.code).toBe('CONVERSATION_CLOSED');
  });

  it('has no answers that are too large for a frame', async () => {
    const desk = await deskOf(test, 'large-answers');
    const id = await desk.start(desk.customer);
    const answers = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`a${index}`, '\u{1f6df}'.repeat(1000)]),
    );
    const body = { formSeq: 1, answers, clientMessageId: ulid() };
    const refused = await desk.post(desk.customer, `/conversations/${id}/template-response`, body);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/body/answers' }] } });
  });

  it('opens a conversation whose texts it fills in with the data of an incident', async () => {
    const desk = await deskOf(test, 'opening', { autoAssign: 'off' });
    const text = 'Incident {incident.id} on {incident.host}';
    const templateId = await createdTemplate(test, desk.admin, newForm({ text, fields }));
    const start = {
      ...{ kind: 'support', templateId, incidentId: 'INC-7', clientConversationId: ulid() },
      metadata: { incident: { id: 'INC-7', host: 'web-3' } },
    };
    const started = await desk.post(desk.customer, '/conversations', start);
    expect(started.status, started.text).toBe(201);
    const { id } = started.body;
    expect(started.body).toMatchObject({
      ...{ subject: 'Log request', description: 'Incident INC-7 on web-3', templateId, lastSeq: 2 },
    });
    expect((await desk.post(desk.customer, '/conversations', start)).body.lastSeq).toBe(2);
    const { items } = (await desk.get(desk.customer, `/conversations/${id}/messages`)).body;
    expect(items[1]).toMatchObject({ type: 'form', text: 'Incident INC-7 on web-3', form: { fields } });
    const response = { formSeq: 2, answers: { host: 'web-3' }, clientMessageId: ulid() };
    expect((await desk.post(desk.customer, `/conversations/${id}/template-response`, response)).status).toBe(201);
    const unknown = await desk.post(desk.customer, '/conversations', { kind: 'support', templateId: ulid() });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'TEMPLATE_NOT_FOUND' } });
  });
});
