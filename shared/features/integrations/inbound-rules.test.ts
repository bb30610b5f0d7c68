import { describe, expect, it } from 'vitest';
import { plainText, readChange } from './inbound-rules.ts';

const issue = { id: '10001', key: 'SUP-1', fields: { labels: ['vip', 'sb-01kaj72n4df7h0j3m6p9r2t5vw'] } };
const beth = { accountId: 'beth', displayName: 'Beth Anglin' };
const comment = { id: '7', body: 'Done', author: beth };

describe('a message of Jira', () => {
  it('is a public comment only if it says so', () => {
    for (const [jsdPublic, isInternal] of [
      [true, false],
      [false, true],
      [undefined, true],
      ['true', true],
    ] as const) {
      const change = readChange(
        'jira',
        { webhookEvent: 'comment_created', issue, comment: { ...comment, jsdPublic } },
        0,
      );
      expect(change).toMatchObject({
        externalId: '10001',
        account: 'beth',
        correlation: 'sb-01kaj72n4df7h0j3m6p9r2t5vw',
        events: [{ type: 'comment', commentId: '7', text: 'Done', author: 'Beth Anglin', isInternal }],
      });
    }
  });

  it('is a status if the change log has one', () => {
    const changelog = {
      items: [
        { field: 'priority', toString: 'High' },
        { field: 'status', toString: 'Resolved' },
      ],
    };
    const change = readChange(
      'jira',
      { webhookEvent: 'jira:issue_updated', timestamp: 5, issue, changelog, user: beth },
      0,
    );
    expect(change?.events).toEqual([{ type: 'status', status: 'Resolved', at: 5 }]);
  });

  it('is nothing else', () => {
    expect(readChange('jira', { webhookEvent: 'comment_updated', issue, comment }, 0)?.events).toEqual([]);
    expect(
      readChange('jira', { webhookEvent: 'jira:issue_updated', issue, changelog: { items: [{ field: 'x' }] } }, 0)
        ?.events,
    ).toEqual([]);
    for (const body of [undefined, null, 5, 'x', [], {}, { issue: {} }]) {
      expect(readChange('jira', body, 0)).toBeUndefined();
    }
  });
});

describe('a message in the plain form', () => {
  it('is an internal comment unless it says that it is not', () => {
    for (const [internal, isInternal] of [
      [false, false],
      [true, true],
      [undefined, true],
      ['false', true],
    ] as const) {
      const change = readChange('service-now', { sysId: 'a', by: 'beth', commentId: 'c', text: 'Done', internal }, 0);
      expect(change?.events).toEqual([{ type: 'comment', commentId: 'c', text: 'Done', author: 'beth', isInternal }]);
    }
  });

  it('is a status', () => {
    const change = readChange('rest', { ticketId: 4711, status: 'open', at: '2026-12-01T10:00:00Z' }, 0);
    expect(change).toMatchObject({
      externalId: '4711',
      events: [{ type: 'status', status: 'open', at: Date.parse('2026-12-01T10:00:00Z') }],
    });
  });
});

describe('plainText', () => {
  it('reads the text of a document in Atlassian’s format', () => {
    const document = {
      type: 'doc',
      version: 1,
      content: [
        {
          type: 'paragraph',
          content: [
            { type: 'text', text: 'Hello ' },
            { type: 'text', text: 'Ann' },
          ],
        },
        { type: 'paragraph', content: [{ type: 'text', text: 'Bye' }] },
      ],
    };
    expect(plainText(document)).toBe('Hello Ann\nBye');
  });

  it('ends at a document that is nested too deeply', () => {
    let document: object = { type: 'text', text: 'deep' };
    for (let level = 0; level < 1000; level += 1) document = { content: [document] };
    expect(plainText(document)).toBe('');
  });
});
