import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Archives, type BusEvent } from '../services/events/archives.ts';
import { accountId, assemblyOf, region, resource } from './assembly-of.ts';
import { temporaryDirectory } from './sample-account.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());

const busArn = `arn:aws:events:${region}:${accountId}:event-bus/orders`;
const archiveArn = `arn:aws:events:${region}:${accountId}:archive/kept`;
const properties = { SourceArn: busArn, RetentionDays: 14, EventPattern: { source: ['shop'] } };
const assembly = assemblyOf([resource('kept', 'AWS::Events::Archive', properties, archiveArn)]);
let runs = 0;
const newDirectory = () => join(directory.path, String((runs += 1)));
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const event = (id: string, time: string, source = 'shop'): BusEvent => ({ id, source, time, detail: { id } });
const minutesAgo = (minutes: number) => Date.now() / 1000 - minutes * 60;
const lastHour = {
  ReplayName: 'again',
  EventSourceArn: archiveArn,
  EventStartTime: minutesAgo(60),
  EventEndTime: minutesAgo(0),
  Destination: { Arn: busArn },
};

function replay(archives: Archives, change: object = {}) {
  const received: { bus: string; event: BusEvent; ruleArns: ReadonlySet<string> | undefined }[] = [];
  const started = archives.start({ ...lastHour, ...change }, (bus, each, ruleArns) =>
    received.push({ bus, event: each, ruleArns }),
  );
  return { received, started };
}

describe('an archive', () => {
  it('replays the matching events of a time span, marked with the name of the replay', () => {
    const archives = new Archives(assembly, newDirectory());
    for (const [id, minutes] of [
      ['old', 90],
      ['first', 50],
      ['second', 10],
    ] as const) {
      archives.keep('orders', event(id, secondsAgo(minutes * 60)));
    }
    archives.keep('orders', event('foreign', secondsAgo(600), 'other'));
    archives.keep('default', event('elsewhere', secondsAgo(600)));
    const { received } = replay(archives);
    expect(received.map((each) => each.event.id)).toEqual(['first', 'second']);
    expect(received[0]).toMatchObject({ bus: 'orders', event: { 'replay-name': 'again', detail: { id: 'first' } } });
  });

  it('replays to the given rules only', () => {
    const archives = new Archives(assembly, newDirectory());
    archives.keep('orders', event('one', secondsAgo(60)));
    const { received } = replay(archives, { Destination: { Arn: busArn, FilterArns: ['arn:rule'] } });
    expect(received[0]?.ruleArns).toEqual(new Set(['arn:rule']));
  });

  it('keeps events over a restart, and drops those older than its retention', () => {
    const path = newDirectory();
    const before = new Archives(assembly, path);
    before.keep('orders', event('expired', secondsAgo(15 * 86_400)));
    before.keep('orders', event('kept', secondsAgo(60)));
    const { received } = replay(new Archives(assembly, path), { EventStartTime: 0 });
    expect(received.map((each) => each.event.id)).toEqual(['kept']);
    expect(readFileSync(join(path, 'archives', 'kept.jsonl'), 'utf8')).not.toContain('expired');
  });

  it('describes a replay, and refuses a second one of the same name', () => {
    const archives = new Archives(assembly, newDirectory());
    const { started } = replay(archives);
    expect(archives.describe('again')).toEqual(started);
    expect(started).toMatchObject({ State: 'COMPLETED', EventSourceArn: archiveArn });
    expect(() => replay(archives)).toThrow('already exists');
    expect(() => archives.describe('other')).toThrow('does not exist');
  });

  it.each([
    ['an unknown archive', { EventSourceArn: `${archiveArn}-other` }, 'does not exist'],
    ['another bus', { Destination: { Arn: busArn.replace('orders', 'default') } }, 'Destination.Arn'],
    ['an end before the start', { EventEndTime: minutesAgo(70) }, 'EventEndTime'],
    ['a name with a space', { ReplayName: 'once more' }, 'replayName'],
  ])('refuses a replay with %s', (_case, change, message) => {
    const archives = new Archives(assembly, newDirectory());
    expect(() => replay(archives, change)).toThrow(message);
  });
});
