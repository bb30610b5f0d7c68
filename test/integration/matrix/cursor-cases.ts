import type { Caller } from './caller.ts';
import type { Case } from './request-cases.ts';

function forged(list: string, position: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify([list, position, Date.now() + 60_000])).toString('base64url');
}

/** Cursors that the service never issued. */
export function cursorCases({ foreign }: Caller): readonly Case[] {
  const { tenantId, alice, conversation } = foreign;
  const position = { activityAt: '9999999999999', conversationId: conversation };
  const values: Readonly<Record<string, string>> = {
    'not a cursor': 'x',
    'an empty list': 'W10',
    'text with a null character': '\u0000',
    'an id': conversation,
    'a cursor of an unknown list': forged('something', { after: alice.userId }),
    'a cursor of another tenant’s user': forged(`conversations/${alice.userId}`, position),
    'a key of another tenant': forged('users', { after: `T#${tenantId}#U#${alice.userId}` }),
    'a key of another tenant in the other list': forged('accounts all', { after: `../T#${tenantId}` }),
    'a position that is not text': forged('users', { after: { S: alice.userId } }),
  };
  return Object.entries(values).map(([kind, cursor]) => ({
    name: `query.cursor is ${kind}`,
    request: { query: { cursor } },
    ...{ status: 400, code: 'INVALID_CURSOR', alike: 'refused' },
  }));
}
