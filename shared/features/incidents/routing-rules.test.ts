import { describe, expect, it } from 'vitest';
import { incidentRules, type IncidentRule } from '../../contract/schemas/incident-rules.ts';
import { subject, supportMetadata, description } from '../../contract/schemas/support.ts';
import { adapt } from './adapters/adapt-rules.ts';
import type { FoundIncident } from './adapters/adapter-rules.ts';
import { firstMatch } from './matching-rules.ts';
import { fillIn } from './placeholder-rules.ts';
import { countText, documentOf, route, updateText } from './routing-rules.ts';
import { plainLine, webAddress } from './untrusted-text-rules.ts';
import { alertmanager, firingAlert } from './vendor-payload-builders.ts';

const payload = alertmanager(firingAlert('1a30'));
const found = ((): FoundIncident => {
  const adapted = adapt({ kind: 'alertmanager' }, payload, Date.now());
  if ('refused' in adapted || adapted[0] === undefined) throw new Error('The payload was refused');
  return adapted[0];
})();
const document = documentOf(found, payload);
const rules = (...list: object[]): readonly IncidentRule[] =>
  incidentRules.parse(list.map((rule, index) => ({ name: `Rule ${index}`, ...rule })));

describe('a rule', () => {
  it.each([
    [{ pointer: '/labels/severity', equals: 'critical' }, true],
    [{ pointer: '/labels/severity', equals: 'Critical' }, false],
    [{ pointer: '/payload/truncatedAlerts', equals: 0 }, true],
    [{ pointer: '/payload/truncatedAlerts', equals: '0' }, false],
    [{ pointer: '/severity', in: ['error', 'critical'] }, true],
    [{ pointer: '/labels/zone', in: ['a'] }, false],
    [{ pointer: '/labels/zone', exists: false }, true],
    [{ pointer: '/item/annotations/summary', exists: true }, true],
    [{ pointer: '/labels/__proto__', exists: true }, false],
    [{ pointer: '/labels/constructor', exists: true }, false],
    [{ pointer: '/labels/instance', startsWith: 'web-' }, true],
    [{ pointer: '/payload/alerts/0/labels/instance', startsWith: 'db-' }, false],
    [{ pointer: '/payload/version', startsWith: '4' }, true],
  ] as const)('judges the condition %j: %s', (condition, fits) => {
    expect(firstMatch(rules({ when: [condition] }), document) !== undefined).toBe(fits);
  });

  it('fits only if all of its conditions hold, and the first one that fits decides', () => {
    const critical = { pointer: '/severity', equals: 'critical' };
    const list = rules(
      { when: [critical, { pointer: '/labels/zone', exists: true }] },
      { when: [critical] },
      { when: [] },
    );
    expect(firstMatch(list, document)?.name).toBe('Rule 1');
    expect(firstMatch([], document)).toBeUndefined();
  });

  it('makes texts that a conversation accepts', () => {
    const [title, message] = ['{{labels.service}}: {{title}}', '{{body}}\n{{/item/annotations/nothing|No runbook}}'];
    const routed = route(rules({ then: { title, message, tags: ['outage'] } }), found, payload);
    expect(routed?.opening).toMatchObject({
      subject: 'web: Probe failure on web-3',
      message: 'No answer for five minutes\nNo runbook',
      ...{ priority: 'urgent', tags: ['outage'], close: 'post-only', incidentId: '1a30' },
    });
    expect(subject.parse(routed?.opening.subject)).toBe(routed?.opening.subject);
    expect(supportMetadata.parse(routed?.opening.metadata)).toEqual(routed?.opening.metadata);
  });

  it('keeps metadata below their limit, however many labels there are', () => {
    const labels = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`label-${index}`, '😀'.repeat(90)]));
    const large = { ...found, incident: { ...found.incident, labels } };
    const metadata = route(rules({}), large, payload)?.opening.metadata;
    expect(supportMetadata.safeParse(metadata).success).toBe(true);
  });

  it('has the title of the incident if its own is empty', () => {
    expect(route(rules({ then: { title: '{{labels.none}}' } }), found, payload)?.opening.subject).toBe(
      'Probe failure on web-3',
    );
  });
});

describe('a placeholder', () => {
  it.each([
    ['{{title}}', 'Down'],
    ['{{ labels.a }}', '1'],
    ['{{labels.b|none}}', 'none'],
    ['{{labels.b|}}', ''],
    ['{{labels}}', ''],
    ['{{/labels/x~1y}}', 'slash'],
    ['{{labels.x/y}}', 'slash'],
    ['{{title} }', '{{title} }'],
    ['{{evil}}', '{{title}}'],
    ['{{count}} {{yes}}', '3 true'],
    ['{{constructor.name}}', ''],
  ])('%s becomes %j', (template, text) => {
    const values = { title: 'Down', labels: { a: '1', 'x/y': 'slash' }, evil: '{{title}}', count: 3, yes: true };
    expect(fillIn(template, values)).toBe(text);
  });

  it('takes at most 500 characters of a value', () => {
    expect([...fillIn('{{a}}', { a: '😀'.repeat(600) })]).toHaveLength(500);
  });
});

describe('an untrusted text', () => {
  it('becomes one line without controls and marks that hide or reorder', () => {
    expect(plainLine('a\r\n\tb\u202ec\u0000\u200bd\ud800', 100)).toBe('a bcd\ufffd');
  });

  it.each([
    ['https://example.org/a', 'https://example.org/a'],
    ['http://example.org', 'http://example.org/'],
    ['https://user:password@example.org/', undefined],
    ['javascript:alert(1)', undefined],
    ['/relative', undefined],
    [undefined, undefined],
  ])('is a link only if it is an address of the web: %s', (value, address) => {
    expect(webAddress(value)).toBe(address);
  });
});

describe('a text of the service', () => {
  it('fits into a message', () => {
    const long = {
      ...found.incident,
      title: 'x'.repeat(200),
      body: 'y'.repeat(1500),
      url: `https://x.example/${'z'.repeat(900)}`,
    };
    expect(description.safeParse(updateText(long)).success).toBe(true);
  });

  it('counts alerts', () => {
    const from = Date.parse('2026-02-06T10:00:00Z');
    expect(countText(1, from, from + 60_000)).toMatch(/^1 more alert from 10:00:00 to 10:01:00 UTC/);
    expect(countText(490, from, from + 60_000)).toMatch(/^490 more alerts /);
  });
});
