import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeskClock, minute } from '../desk/desk-clock.ts';
import { type Desk, deskOf } from '../desk/desk-people.ts';
import { startTestRun, type TestRun } from '../harness.ts';
import { mention } from '../notifications/mentioning.ts';
import { connect, conversationOf } from '../people.ts';
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

interface Pair {
  readonly desk: Desk;
  readonly mentioned: SignedIn;
  readonly id: string;
}

async function pairOf(name: string, notificationMails: 'on' | 'off' = 'on'): Promise<Pair> {
  const desk = await deskOf(test, name, { notificationMails });
  const mentioned = await desk.person('zoe');
  return { desk, mentioned, id: await conversationOf(test, desk.admin, mentioned) };
}

async function mentionZoe({ desk, mentioned, id }: Pair): Promise<string> {
  const { id: notificationId } = await mention(test, await clock.signedIn(desk, 'boss'), mentioned, id);
  await test.run.settled();
  return notificationId;
}

const mailsTo = ({ desk }: Pair): readonly SentMail[] => mailsOf(test, desk.admin.tenantId, 'digest');

function oneClick(mail: SentMail | undefined): string {
  const header = mail?.headers?.find(({ Name }) => Name === 'List-Unsubscribe');
  return /<(.*)>/.exec(header?.Value ?? '')?.[1] ?? '';
}

describe('a user who is offline', () => {
  it('gets one mail about all unread mentions after ten minutes, and at most one an hour', async () => {
    const pair = await pairOf('digests');
    await mentionZoe(pair);
    await clock.advance(5 * minute);
    await mentionZoe(pair);
    expect(mailsTo(pair)).toEqual([]);
    await clock.advance(6 * minute);
    const [mail] = mailsTo(pair);
    expect(mailsTo(pair)).toHaveLength(1);
    expect(mail).toMatchObject({ to: ['zoe@digests.test'], subject: 'digests: unread notifications' });
    expect(mail?.text).toContain('Mentions: 2');
    expect(mail?.headers).toContainEqual({ Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' });

    await mentionZoe(pair);
    await clock.advance(40 * minute);
    expect(mailsTo(pair)).toHaveLength(1);
    await clock.advance(25 * minute);
    expect(mailsTo(pair)).toHaveLength(2);
    await clock.advance(180 * minute);
    expect(mailsTo(pair)).toHaveLength(2);
  });

  it('gets a mail about an assignment', async () => {
    const desk = await deskOf(test, 'assigned', { notificationMails: 'on', autoAssign: 'off' });
    const bela = await desk.agent('bela');
    const conversation = await desk.start(desk.customer);
    const { status, text } = await desk.post(desk.admin, `/conversations/${conversation}/assign`, {
      agentId: bela.userId,
    });
    expect(status, text).toBe(200);
    await clock.advance(11 * minute);
    const mails = mailsOf(test, desk.admin.tenantId, 'digest').filter(({ to }) => to.includes('bela@assigned.test'));
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('Assignments: 1');
  });
});

describe('no digest', () => {
  it('is sent after the notifications were read', async () => {
    const pair = await pairOf('read');
    const notificationId = await mentionZoe(pair);
    const path = `/notifications/${notificationId}/read`;
    expect((await pair.desk.post(pair.mentioned, path)).status).toBe(200);
    await clock.advance(30 * minute);
    expect(mailsTo(pair)).toEqual([]);
  });

  it('is sent while the user is connected', async () => {
    const pair = await pairOf('connected');
    await connect(test, pair.mentioned);
    await mentionZoe(pair);
    await clock.advance(12 * minute);
    expect(mailsTo(pair)).toEqual([]);
  });

  it('is sent unless the tenant wants mails', async () => {
    const pair = await pairOf('off', 'off');
    await mentionZoe(pair);
    await clock.advance(30 * minute);
    expect(mailsTo(pair)).toEqual([]);
  });

  it('is sent to a user who switched mails off, and an older application does not switch them on', async () => {
    const pair = await pairOf('preference');
    const preferences = { token: pair.mentioned.token };
    const path = '/api/v1/notifications/preferences';
    const off = await call(test.url, 'PUT', path, { ...preferences, body: { kinds: {}, mail: 'off' } });
    expect(off.body.mail).toBe('off');
    const older = await call(test.url, 'PUT', path, { ...preferences, body: { kinds: { closed: 'off' } } });
    expect(older.body).toMatchObject({ mail: 'off', kinds: { closed: 'off' } });
    await mentionZoe(pair);
    await clock.advance(30 * minute);
    expect(mailsTo(pair)).toEqual([]);
  });

  it('is sent after a POST to the address in the header, while a GET changes nothing', async () => {
    const pair = await pairOf('one-click');
    await mentionZoe(pair);
    await clock.advance(11 * minute);
    const url = oneClick(mailsTo(pair)[0]);
    const page = await fetch(url, { redirect: 'manual' });
    expect(page.status).toBe(302);
    const token = new URL(url).searchParams.get('token') ?? '';
    expect(page.headers.get('location')).toBe(`/unsubscribe#token=${token}`);
    expect((await fetch(`${test.url}/unsubscribe`)).status).toBe(200);
    const mailsWanted = async () => {
      const { token: session } = await clock.signedIn(pair.desk, 'zoe');
      return (await call(test.url, 'GET', '/api/v1/notifications/preferences', { token: session })).body.mail as string;
    };
    expect(await mailsWanted()).toBe('digest');

    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    expect((await fetch(url, { method: 'POST', body })).status).toBe(204);
    expect(await mailsWanted()).toBe('off');
    await mentionZoe(pair);
    await clock.advance(120 * minute);
    expect(mailsTo(pair)).toHaveLength(1);
    const forged = url.replace(/.{5}$/, 'AAAAA');
    expect((await fetch(forged, { method: 'POST', body })).status).toBe(401);
  });
});
