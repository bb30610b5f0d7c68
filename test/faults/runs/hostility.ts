import type { EngineFault } from '../../integration/log/faulty-engine.ts';
import { deckOf } from '../../integration/log/seeded-random.ts';
import type { SentChange, SentMessage } from '../history/history.ts';

export interface Hostility {
  readonly sends: number;
  readonly kills: number;
  readonly lateRetries: number;
  readonly lostReplies: number;
  readonly messages: readonly SentMessage[];
  readonly changes: readonly SentChange[];
}

/** Of 100 requests, five fail in one of three ways. */
export function engineFaults(random: () => number): () => EngineFault {
  return deckOf({ 'lose-reply': 2, 'lose-request': 1, throttle: 2, none: 95 }, random);
}

export function mildnessOf(run: Hostility): readonly string[] {
  const { sends, kills, lateRetries, lostReplies, messages, changes } = run;
  const acknowledged = messages.filter(({ acks }) => acks.length > 0).length;
  const written = (kind: SentChange['kind']) =>
    changes.filter((change) => change.kind === kind && change.acks.length > 0).length;
  const checks: Readonly<Record<string, boolean>> = {
    kills: kills > sends / 1000,
    'late retries': lateRetries > sends / 50,
    'lost replies': lostReplies > sends / 100,
    'acknowledged messages': acknowledged > messages.length * 0.99,
    edits: written('edit') > sends / 100,
    deletions: written('deletion') > sends / 100,
    reactions: written('reaction') > sends / 100,
    'rejected changes': changes.some(({ refused }) => refused),
  };
  return Object.keys(checks).filter((name) => checks[name] === false);
}
