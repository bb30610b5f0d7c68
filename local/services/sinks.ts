import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recorder } from '../contract.ts';

/** For messages that leave the account. */
export interface Sinks {
  readonly mail: (entry: Readonly<Record<string, unknown>>) => void;
  readonly push: (entry: Readonly<Record<string, unknown>>) => void;
}

/** Entries of earlier runs. */
const mostRestored = 500;

/** Restores the newest entries. */
export function openSinks(dataDirectory: string, recorder: Recorder): Sinks {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const open = (kind: 'mail' | 'push', file: string) => {
    const path = join(dataDirectory, file);
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
    for (const line of lines.slice(-mostRestored)) restore(recorder, kind, line);
    return (entry: Readonly<Record<string, unknown>>): void => {
      // The files contain links with secrets.
      appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      recorder.sink(kind, entry);
    };
  };
  return { mail: open('mail', 'mails.jsonl'), push: open('push', 'pushes.jsonl') };
}

function restore(recorder: Recorder, kind: 'mail' | 'push', line: string): void {
  try {
    recorder.sink(kind, JSON.parse(line) as Readonly<Record<string, unknown>>);
  } catch {
    // A killed run may leave an incomplete line.
  }
}
