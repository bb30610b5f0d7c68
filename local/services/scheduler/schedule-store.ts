import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

export interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
}

export interface StoredSchedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly clientToken: string;
  readonly expression: string;
  readonly timeZone: string;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  readonly enabled: boolean;
  readonly deletesItself: boolean;
  readonly target: ScheduleTarget;
  readonly createdAt: number;
}

type Line = { readonly put: StoredSchedule } | { readonly fired: string } | { readonly deleted: string };

/** A journal, which survives `kill -9`. Emptied when no schedule is left. */
export class ScheduleStore {
  readonly #schedules = new Map<string, StoredSchedule>();
  readonly #fired = new Set<string>();
  readonly #file: number;

  constructor(path: string) {
    for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) this.#read(line);
    this.#compact(path);
    this.#file = openSync(path, 'a', 0o600);
  }

  get(arn: string): StoredSchedule | undefined {
    return this.#schedules.get(arn);
  }

  all(): readonly StoredSchedule[] {
    return [...this.#schedules.values()];
  }

  /** Enabled and not fired yet, the earliest first. */
  pending(): readonly StoredSchedule[] {
    return this.all()
      .filter(({ arn, enabled }) => enabled && !this.#fired.has(arn))
      .sort((one, other) => one.dueAt - other.dueAt);
  }

  put(schedule: StoredSchedule): void {
    this.#write({ put: schedule });
  }

  fired({ arn, deletesItself }: StoredSchedule): void {
    this.#write(deletesItself ? { deleted: arn } : { fired: arn });
  }

  delete(arn: string): void {
    this.#write({ deleted: arn });
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(line: Line): void {
    this.#apply(line);
    if (this.#schedules.size === 0) ftruncateSync(this.#file, 0);
    else writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  #compact(path: string): void {
    const lines: Line[] = [
      ...[...this.#schedules.values()].map((put) => ({ put })),
      ...[...this.#fired].map((fired) => ({ fired })),
    ];
    writeFileSync(`${path}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  #read(text: string): void {
    if (text === '') return;
    try {
      this.#apply(JSON.parse(text) as Line);
    } catch {
      // The call of an incomplete line got no answer.
    }
  }

  #apply(line: Line): void {
    if ('put' in line) {
      this.#schedules.set(line.put.arn, line.put);
    } else if ('fired' in line) {
      this.#fired.add(line.fired);
    } else {
      this.#schedules.delete(line.deleted);
      this.#fired.delete(line.deleted);
    }
  }
}
