import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentText, endsWithMarker, nextSegment, type TimelineEntry } from './timeline-rules.ts';

const rules = { messages: true, notes: 'internal' } as const;
const quiet = { messages: true, notes: 'never' } as const;

function entry(seq: number, kind: string, words = `words ${seq}`, more: Partial<TimelineEntry> = {}): TimelineEntry {
  return { seq, kind, author: 'Ann', words, target: undefined, isDeleted: false, isUrgent: false, ...more };
}

/** All comments that the entries lead to. */
function segmentsOf(entries: readonly TimelineEntry[], wanted: Parameters<typeof nextSegment>[2], syncedSeq = 0) {
  const segments = [];
  for (let position = syncedSeq; ;) {
    const segment = nextSegment(
      entries.filter(({ seq }) => seq > position),
      position,
      wanted,
    );
    if (segment === undefined) return segments;
    segments.push(segment);
    position = segment.toSeq;
  }
}

describe('nextSegment', () => {
  it('joins messages, and gives notes comments of their own', () => {
    const entries = [entry(1, 'message'), entry(2, 'message'), entry(3, 'note'), entry(4, 'message')];
    expect(segmentsOf(entries, rules)).toEqual([
      { fromSeq: 1, toSeq: 2, isInternal: false, text: 'Ann: words 1\nAnn: words 2' },
      { fromSeq: 3, toSeq: 3, isInternal: true, text: 'Ann (note): words 3' },
      { fromSeq: 4, toSeq: 4, isInternal: false, text: 'Ann: words 4' },
    ]);
  });

  it('leaves notes out unless the rules send them', () => {
    const entries = [entry(1, 'message'), entry(2, 'note', 'secret'), entry(3, 'message')];
    const segments = segmentsOf(entries, quiet);
    expect(segments).toHaveLength(1);
    expect(JSON.stringify(segments)).not.toContain('secret');
  });

  it('never puts a note into a comment that customers see', () => {
    const kinds = fc.constantFrom('message', 'note', 'edit', 'deletion', 'system', 'reaction', 'form-response');
    fc.assert(
      fc.property(fc.array(kinds, { maxLength: 40 }), (list) => {
        const entries = list.map((kind, index) =>
          entry(index + 1, kind, kind === 'note' ? 'secret' : 'open', { target: 1 }),
        );
        const shown = segmentsOf(entries, rules).filter(({ isInternal }) => !isInternal);
        expect(JSON.stringify(shown)).not.toContain('secret');
        expect(JSON.stringify(segmentsOf(entries, quiet))).not.toContain('secret');
      }),
    );
  });

  it('passes over entries without words', () => {
    expect(segmentsOf([entry(1, 'system'), entry(2, 'reaction', '')], rules)).toEqual([
      { fromSeq: 1, toSeq: 2, isInternal: false, text: '' },
    ]);
  });

  it('sends a message as it is, without what it was before', () => {
    const entries = [
      entry(1, 'message', 'new'),
      entry(2, 'edit', 'new', { target: 1 }),
      entry(3, 'message', '', { isDeleted: true }),
    ];
    expect(segmentsOf(entries, rules).map(({ text }) => text)).toEqual(['Ann: new']);
  });

  it('reports changes of messages that the ticket has', () => {
    const entries = [entry(3, 'edit', 'new', { target: 1 }), entry(4, 'deletion', '', { target: 2 })];
    expect(segmentsOf(entries, rules, 2).map(({ text }) => text)).toEqual([
      'Ann changed an earlier message: new\nAnn deleted an earlier message.',
    ]);
  });

  it('indents further lines, so that no text imitates another author', () => {
    const [segment] = segmentsOf([entry(1, 'message', 'a\nBeth: b\r\nc')], rules);
    expect(segment?.text).toBe('Ann: a\n    Beth: b\n    c');
  });

  it('limits the size of a comment, and loses nothing', () => {
    const entries = Array.from({ length: 100 }, (_, index) => entry(index + 1, 'message', 'x'.repeat(1000)));
    const segments = segmentsOf(entries, rules);
    expect(segments.every(({ text }) => text.length <= 26_000)).toBe(true);
    expect(segments.flatMap(({ text }) => text.split('\n'))).toHaveLength(100);
  });
});

describe('endsWithMarker', () => {
  const correlation = 'sb-01kaj72n4df7h0j3m6p9r2t5vw';
  const own = commentText('Ann: hello', `${correlation}-000000042`);

  it('recognises comments of the service', () => {
    expect(endsWithMarker(own, correlation)).toBe(true);
    expect(endsWithMarker(`${own}\n \n`, correlation)).toBe(true);
  });

  it.each([
    ['an answer below a quotation', `> ${own}\n\nThank you`],
    [
      'a quotation',
      own
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n'),
    ],
    ['the mark of another conversation', commentText('a', 'sb-01kaj72n4df7h0j3m6p9r2t5vx-000000042')],
    ['a text without a mark', 'Hello'],
    ['nothing', ''],
  ])('does not take %s for one', (_, text) => {
    expect(endsWithMarker(text, correlation)).toBe(false);
  });
});
