import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ShownMessage } from '../../../bin/cli/chat/chat-surface.ts';
import { messageLine, pendingLine } from '../../../bin/cli/chat/message-line.ts';
import { activityTexts } from '../../../bin/cli/chat/message-text.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { SystemMessage } from '../../../shared/contract/schemas/system-message.ts';

const names: Readonly<Record<string, string>> = { ann: 'Ann Archer', bob: 'Bob Baker', cy: 'Cy Cook', me: 'you' };

function shown(more: Partial<Message>, isNumbered = false): ShownMessage {
  const createdAt = new Date().toISOString();
  const base = { conversationId: 'c', seq: 7, senderId: 'ann', clientMessageId: 'm', updatedSeq: 7 } as const;
  const message: Message = { ...base, type: 'text', status: 'sent', createdAt, ...more };
  const own = message.senderId === 'me';
  return { message, own, from: names[message.senderId] ?? '', nameOf: (userId) => names[userId] ?? userId, isNumbered };
}

const lineOf = (more: Partial<Message>, isNumbered = false) => messageLine(shown(more, isNumbered)).slice(6);
const systemMessageOf = (system: SystemMessage, senderId = 'ann') => lineOf({ type: 'system', system, senderId });

describe('a message line', () => {
  it.each<[Partial<Message>, string]>([
    [{ text: 'Hello' }, 'Ann Archer: Hello'],
    [{ text: 'Hello', senderId: 'me' }, '✓ You: Hello'],
    [{ text: 'one\ntwo' }, 'Ann Archer: one\n      two'],
    [{ deletedAt: '2026-11-21T09:00:00.000Z' }, 'Ann Archer: (deleted)'],
    [
      { text: 'Now!', urgent: true, replyTo: 3, mentions: ['bob', 'me'], editedAt: '2026-11-21T09:00:00.000Z' },
      'Ann Archer: Now! (urgent; reply to #3; mentions Bob Baker, you; edited)',
    ],
    [{ text: 'Hi', reactions: [{ emoji: '👍', userIds: ['bob', 'me'] }] }, 'Ann Archer: Hi (👍 Bob Baker, you)'],
    [
      { type: 'location', location: { latitude: 48.8584, longitude: 2.2945, name: 'Eiffel Tower' } },
      'Ann Archer: (Eiffel Tower: 48.8584, 2.2945)',
    ],
    [
      {
        type: 'image',
        text: 'A dot',
        attachments: [{ id: 'a', name: 'dot.png', contentType: 'image/png', size: 68, hasThumbnail: false }],
      },
      'Ann Archer: (picture dot.png, 68 bytes) A dot',
    ],
    [
      {
        type: 'voice',
        attachments: [
          { id: 'a', name: 'memo.ogg', contentType: 'audio/ogg', size: 24_600, durationMs: 4200, hasThumbnail: false },
        ],
      },
      'Ann Archer: (sound memo.ogg, 25 KB, 4 s)',
    ],
  ])('describes %o', (more, line) => {
    expect(lineOf(more)).toBe(line);
  });

  it('shows the number of the message on request', () => {
    expect(lineOf({ text: 'Hello' }, true)).toBe('#7 Ann Archer: Hello');
  });
});

describe('a line about a group', () => {
  it.each<[SystemMessage, string, string]>([
    [
      { kind: 'created', name: 'Harbour', userIds: ['bob', 'me'] },
      'ann',
      'Ann Archer started the group “Harbour” with Bob Baker and you',
    ],
    [{ kind: 'joined', userIds: ['bob', 'cy'] }, 'me', 'You added Bob Baker and Cy Cook'],
    [{ kind: 'joined', userIds: ['ann'] }, 'ann', 'Ann Archer joined'],
    [{ kind: 'left', userIds: ['ann'], successorId: 'me' }, 'ann', 'Ann Archer left; you became an admin'],
    [{ kind: 'removed', userIds: ['me'] }, 'ann', 'Ann Archer removed you'],
    [{ kind: 'role-changed', userIds: ['bob'], role: 'admin' }, 'ann', 'Ann Archer made Bob Baker an admin'],
    [{ kind: 'role-changed', userIds: ['bob'], role: 'member' }, 'ann', 'Ann Archer made Bob Baker a member'],
    [
      { kind: 'changed', name: 'Pier', history: 'full' },
      'ann',
      'Ann Archer renamed the group to “Pier” and allowed newcomers to read earlier messages',
    ],
  ])('describes %o', (system, senderId, line) => {
    expect(systemMessageOf(system, senderId)).toBe(`* ${line}`);
  });

  it('describes an unknown kind of change', () => {
    expect(systemMessageOf({ kind: 'archived' as SystemMessage['kind'] })).toBe(
      '* Ann Archer changed the conversation',
    );
  });
});

const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u2028\u2029\u202a-\u202e\u2066\u2067]/;
const hostile = fc
  .array(
    fc.constantFrom(
      '\u001b[2J',
      '\u001b]52;c;ZXZpbA==\u0007',
      '\u009b31m',
      '\u202e',
      '\u2069',
      '\r',
      '\u2028',
      'שלום',
      'a',
    ),
    {
      minLength: 1,
    },
  )
  .map((parts) => parts.join(''));

describe('text of other users', () => {
  it('contains no control characters, and does not reorder the text around it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const who: Pick<ShownMessage, 'nameOf' | 'from'> = { nameOf: () => text, from: text };
        const attachments = [{ id: 'a', name: text, contentType: text, size: 1, hasThumbnail: false }];
        const system: SystemMessage = { kind: 'created', name: text, userIds: ['bob'], successorId: 'cy' };
        const lines = [
          messageLine({ ...shown({ text, mentions: ['bob'], reactions: [{ emoji: text, userIds: ['cy'] }] }), ...who }),
          messageLine({ ...shown({ type: 'file', text, attachments }), ...who }),
          messageLine({ ...shown({ location: { latitude: 1, longitude: 2, name: text } }), ...who }),
          messageLine({ ...shown({ type: 'system', system }), ...who }),
          pendingLine({
            ...{ localId: 'l', clientMessageId: 'l', conversationId: 'c', writtenAt: 0, order: 1, uncertain: false },
            task: { kind: 'edit', seq: 1, text },
            state: 'queued',
          }),
          activityTexts({
            typing: [text],
            presence: [{ userId: 'bob', name: text, status: 'offline', lastSeenAt: '2026-11-21T09:00:00.000Z' }],
            others: 1,
          }).join(),
        ];
        for (const line of lines.flatMap((each) => each.split('\n'))) {
          expect(line).not.toMatch(dangerous);
          let depth = 0;
          for (const character of line) {
            if (character === '\u2068') depth += 1;
            if (character === '\u2069') depth -= 1;
            expect(depth).toBeGreaterThanOrEqual(0);
          }
          expect(depth).toBe(0);
        }
      }),
    );
  });
});
