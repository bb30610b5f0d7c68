import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantSettingsChange } from '../../../shared/features/tenants/settings-change.ts';
import { DeskClock, minute } from '../desk/desk-clock.ts';
import { type Desk, deskOf } from '../desk/desk-people.ts';
import { newDeviceSecret } from '../guests/guest-devices.ts';
import { askAsGuest, type GuestPerson, newGuestPerson, signInAgain } from '../guests/guest-person.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { connect } from '../people.ts';
import { call, type SignedIn } from '../raw-client.ts';
import { mailsOf, type SentMail } from './sent-mails.ts';

let test: TestRun;
let clock: DeskClock;

beforeAll(async () => {
  test = await startTestRun({
    // Every event of mails arrives five times.
    faults: { deliveries: (ruleName) => (/mail/.test(ruleName) ? 5 : 1) },
    pace: { queueRetryAfterMs: 10 },
  });
  clock = new DeskClock(test);
});
afterAll(() => test.stop());

interface Talk {
  readonly desk: Desk;
  readonly guest: GuestPerson;
  readonly id: string;
}

async function talkOf(name: string, settings: TenantSettingsChange = {}, fields: object = {}): Promise<Talk> {
  const desk = await deskOf(test, name, { autoAssign: 'off', notificationMails: 'on', ...settings });
  const guest = await newGuestPerson(test, desk.slug, name);
  return { desk, guest, id: await desk.start(guest, { subject: 'My secret subject', ...fields }) };
}

async function answer({ desk, id }: Talk, text = 'My secret answer'): Promise<number> {
  const sent = await desk.say(await clock.signedIn(desk, 'boss'), id, text);
  expect(sent.status, sent.text).toBe(201);
  await test.run.settled();
  return sent.body.seq as number;
}

async function read({ desk, guest, id }: Talk, seq: number): Promise<void> {
  const session = { ...guest, ...(await signInAgain(test, desk.slug, guest)) };
  const path = `/conversations/${id}/receipts`;
  const receipts = await desk.post(session, path, { deliveredSeq: seq, readSeq: seq });
  expect(receipts.status, receipts.text).toBeLessThan(300);
}

const mailsTo = ({ desk, guest }: Talk) =>
  mailsOf(test, desk.admin.tenantId, 'answer').filter(({ to }) => to.includes(guest.email));

function linkIn(mail: SentMail | undefined): URL {
  return new URL(/https?:\S+transferCode\S+/.exec(mail?.text ?? '')?.[0] ?? 'about:blank');
}

describe('a customer who is gone', () => {
  it('gets one mail about unread answers after five minutes, and none before reading them', async () => {
    const talk = await talkOf('gone');
    await answer(talk);
    await clock.advance(2 * minute);
    await answer(talk, 'Another secret answer');
    await clock.advance(2 * minute);
    expect(mailsTo(talk)).toEqual([]);
    await clock.advance(2 * minute);
    expect(mailsTo(talk)).toHaveLength(1);

    const later = await answer(talk);
    await clock.advance(20 * minute);
    expect(mailsTo(talk)).toHaveLength(1);
    await read(talk, later);
    await answer(talk);
    await clock.advance(6 * minute);
    expect(mailsTo(talk)).toHaveLength(2);
    expect(JSON.stringify(mailsTo(talk))).not.toMatch(/secret/);
  });

  it('comes back on another device with the link, once', async () => {
    const talk = await talkOf('return', { customerUrl: 'https://help.example/chat' });
    await answer(talk);
    await clock.advance(6 * minute);
    const link = linkIn(mailsTo(talk)[0]);
    expect(link.origin + link.pathname).toBe('https://help.example/chat');
    const fragment = new URLSearchParams(link.hash.slice(1));
    expect(fragment.get('conversation')).toBe(talk.id);
    const transferCode = fragment.get('transferCode');
    const visit = () => askAsGuest(test, talk.desk.slug, { deviceSecret: newDeviceSecret(), transferCode });
    const first = await visit();
    expect(first.status, first.text).toBe(200);
    expect(first.body.user.id).toBe(talk.guest.userId);
    expect((await visit()).body.code).toBe('TRANSFER_CODE_INVALID');
  });

  it('reads the text in the mail if the tenant allows it, in the language of the profile', async () => {
    const talk = await talkOf('texts', { mailContent: 'text' });
    const path = `${test.url}/api/v1/guests/me`;
    const changed = await call(path, 'PATCH', '', { token: talk.guest.token, body: { language: 'ar-EG' } });
    expect(changed.status, changed.text).toBe(200);
    await answer(talk, '<b>Bring your ID</b>');
    await clock.advance(6 * minute);
    const [mail] = mailsTo(talk);
    expect(mail?.subject).toBe('وصلك رد');
    expect(mail?.text).toContain('> <b>Bring your ID</b>');
    expect(mail?.html).toContain('&lt;b&gt;Bring your ID&lt;/b&gt;');
    expect(mail?.html).toContain('dir="rtl"');
  });

  it('gets a mail without text, name or code if the conversation is urgent', async () => {
    const talk = await talkOf('urgent-answers', { mailContent: 'text', name: 'Shelter' });
    await talk.desk.say(talk.guest, talk.id, 'Help!', { urgent: true });
    await answer(talk);
    await clock.advance(6 * minute);
    const [mail] = mailsTo(talk);
    expect(JSON.stringify([mail?.subject, mail?.text, mail?.html])).not.toMatch(/secret|Shelter|transferCode/);
  });
});

describe('no mail about an answer', () => {
  const others: readonly (readonly [name: string, act: (talk: Talk, seq: number) => Promise<unknown>])[] = [
    ['was read meanwhile', (talk, seq) => read(talk, seq)],
    ['is in a conversation that was wiped meanwhile', ({ desk, guest, id }) => desk.post(guest, `/conversations/${id}/wipe`)],
    ['reached a customer who is connected', ({ guest }) => connect(test, guest)],
  ];
  it.each(others)('is sent if it %s', async (name, act) => {
    const talk = await talkOf(name.replaceAll(' ', '-').slice(0, 20));
    await act(talk, await answer(talk));
    await test.run.settled();
    await clock.advance(8 * minute);
    expect(mailsTo(talk)).toEqual([]);
  });

  it('is sent unless the tenant wants mails', async () => {
    const talk = await talkOf('silent', { notificationMails: 'off' });
    await answer(talk);
    await clock.advance(20 * minute);
    expect(mailsTo(talk)).toEqual([]);
  });

  it('is sent after the customer unsubscribed', async () => {
    const talk = await talkOf('unsubscribed');
    await answer(talk);
    await clock.advance(6 * minute);
    const [mail] = mailsTo(talk);
    const url = /<(.*)>/.exec(mail?.headers?.find(({ Name }) => Name === 'List-Unsubscribe')?.Value ?? '')?.[1] ?? '';
    expect((await fetch(url, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })).status).toBe(204);
    await read(talk, await answer(talk));
    await answer(talk);
    await clock.advance(6 * minute);
    expect(mailsTo(talk)).toHaveLength(1);
    const admin: SignedIn = await clock.signedIn(talk.desk, 'boss');
    const { items } = (await talk.desk.get(admin, '/admin/suppressions')).body;
    expect(items).toMatchObject([{ reason: 'unsubscribed' }]);
    expect(items[0].address).toBeUndefined();
  });
});
