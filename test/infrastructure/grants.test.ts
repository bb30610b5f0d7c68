import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deriveGrants, grantsFor, serialisedGrants } from '../../bin/grants/derive-grants.ts';
import { functionNames } from '../../lib/functions/definitions.ts';

const grants = deriveGrants(functionNames);
const nothing = { operations: new Set<string>(), commands: new Set<string>(), settings: new Set<string>() };

describe('lib/functions/grants.json', () => {
  it('contains exactly the grants that the functions’ code can use: run `npm run grants` after a change', () => {
    const committed = readFileSync(join(import.meta.dirname, '../../lib/functions/grants.json'), 'utf8');
    expect(committed).toBe(serialisedGrants(grants));
  });
});

describe('deriveGrants', () => {
  it('follows use cases, units of work and handlers that are passed by name', () => {
    // The unit of work that creates a conversation is three calls away from the handler.
    expect(grants['conversations']?.table).toContain('ConditionCheckItem');
    expect(grants['conversations']?.sockets).toEqual(['POST']);
  });

  it('distinguishes the table of data keys, the platform’s items and the tenants’ items', () => {
    expect(grants['provision']?.keysTable).toEqual(['GetItem', 'PutItem']);
    expect(grants['authorize-socket']?.platformTable).toEqual(['GetItem', 'DeleteItem']);
    expect(grants['authorize-socket']?.table).toEqual(['GetItem']);
  });

  it('distinguishes uploads in quarantine from examined files', () => {
    expect(grants['sweep-attachments']?.files).toEqual([
      'quarantine DeleteObject',
      'files DeleteObject',
      'files ListBucket',
    ]);
  });

  it('distinguishes the signing key of tokens from that of records', () => {
    expect(grants['auth']?.signingKey).toEqual(['Sign', 'GetPublicKey']);
    expect(grants['auth']?.recordsKey).toBeUndefined();
    expect(grants['checkpoint-logs']?.recordsKey).toEqual(['Sign']);
  });

  it('grants nothing to code that calls nothing', () => {
    expect(grantsFor(nothing)).toEqual({});
  });

  it('adds the settings that no grant adds, and no setting twice', () => {
    const settings = new Set(['tableName', 'stagePrefix', 'publicUrl', 'originKey']);
    expect(grantsFor({ ...nothing, settings })).toEqual({ environment: ['originKey', 'publicUrl'] });
  });

  it('rejects a command whose grant it does not know', () => {
    const commands = new Set(['dataKeyId ScheduleKeyDeletion']);
    expect(() => grantsFor({ ...nothing, commands })).toThrow('Add the grants of dataKeyId ScheduleKeyDeletion');
  });
});
