import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly, Resource } from '../../contract.ts';
import { textOf } from '../../text-of.ts';
import { ServiceError } from '../responses.ts';
import { compileEventPattern, type EventPattern } from './event-pattern.ts';

export type BusEvent = Readonly<Record<string, unknown>> & { readonly id: string };

interface Archive {
  readonly arn: string;
  readonly name: string;
  readonly bus: string;
  readonly busArn: string;
  readonly matches: EventPattern;
  /** 0 keeps events for ever. */
  readonly days: number;
  readonly file: string;
}

interface Replay {
  readonly ReplayName: string;
  readonly ReplayArn: string;
  readonly State: 'COMPLETED';
  readonly EventSourceArn: string;
  readonly EventStartTime: number;
  readonly EventEndTime: number;
  readonly ReplayStartTime: number;
  readonly ReplayEndTime: number;
}

/** @param ruleArns - receive the event; undefined: all rules of the bus. */
export type Accept = (bus: string, event: BusEvent, ruleArns: ReadonlySet<string> | undefined) => void;

const replayName = /^[.\-_A-Za-z0-9]{1,64}$/;
const msPerDay = 24 * 60 * 60_000;

/**
 * Keeps events in a file for each archive of the template, and replays them at once. EventBridge takes minutes, and keeps
 * the order only roughly.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html
 */
export class Archives {
  readonly #archives: readonly Archive[];
  readonly #replays = new Map<string, Replay>();

  constructor(assembly: Assembly, dataDirectory: string) {
    this.#archives = assembly.ofType('AWS::Events::Archive').map((resource) => archiveOf(resource, dataDirectory));
    if (this.#archives.length > 0) mkdirSync(join(dataDirectory, 'archives'), { recursive: true, mode: 0o700 });
    for (const archive of this.#archives) dropExpired(archive);
  }

  keep(bus: string, event: BusEvent): void {
    for (const { file } of this.#archives.filter((archive) => archive.bus === bus && archive.matches(event))) {
      appendFileSync(file, `${JSON.stringify(event)}\n`, { mode: 0o600 });
    }
  }

  /** @throws ServiceError as AWS does. */
  start(input: Readonly<Record<string, unknown>>, accept: Accept): Replay {
    const name = textOf(input['ReplayName']);
    if (!replayName.test(name)) {
      throw invalid(`Value at 'replayName' must satisfy regular expression pattern: ${replayName.source}`);
    }
    if (this.#replays.has(name)) {
      throw new ServiceError('ResourceAlreadyExistsException', `Replay ${name} already exists.`);
    }
    const source = textOf(input['EventSourceArn']);
    const archive = this.#archives.find(({ arn }) => arn === source);
    if (archive === undefined) throw new ServiceError('ResourceNotFoundException', `Archive ${source} does not exist.`);
    const destination = (input['Destination'] ?? {}) as { readonly Arn?: string; readonly FilterArns?: string[] };
    if (destination.Arn !== archive.busArn) {
      throw invalid('Parameter Destination.Arn is not valid. Reason: Must be the event bus of the archive.');
    }
    const [from, to] = [Number(input['EventStartTime']), Number(input['EventEndTime'])];
    if (!(from < to)) throw invalid('Parameter EventEndTime is not valid. Reason: Must be after EventStartTime.');
    const rules = destination.FilterArns === undefined ? undefined : new Set(destination.FilterArns);
    const startedAt = Date.now() / 1000;
    for (const event of eventsIn(archive)) {
      const seconds = timeOf(event) / 1000;
      if (seconds >= from && seconds < to) accept(archive.bus, { ...event, 'replay-name': name }, rules);
    }
    const replay: Replay = {
      ReplayName: name,
      ReplayArn: archive.arn.replace(/:archive\/.*$/, `:replay/${name}`),
      State: 'COMPLETED',
      EventSourceArn: archive.arn,
      EventStartTime: from,
      EventEndTime: to,
      ReplayStartTime: startedAt,
      ReplayEndTime: Date.now() / 1000,
    };
    this.#replays.set(name, replay);
    return replay;
  }

  /** @throws ServiceError for an unknown name. */
  describe(name: string): Replay {
    const replay = this.#replays.get(name);
    if (replay === undefined) throw new ServiceError('ResourceNotFoundException', `Replay ${name} does not exist.`);
    return replay;
  }
}

function archiveOf({ physicalId, arn = '', properties }: Resource, dataDirectory: string): Archive {
  const busArn = textOf(properties['SourceArn']);
  const pattern = properties['EventPattern'];
  return {
    arn,
    name: physicalId,
    busArn,
    bus: busArn.split('event-bus/').at(-1) ?? 'default',
    matches: pattern === undefined ? () => true : compileEventPattern(pattern),
    days: Number(properties['RetentionDays'] ?? 0),
    file: join(dataDirectory, 'archives', `${physicalId}.jsonl`),
  };
}

function dropExpired(archive: Archive): void {
  if (!existsSync(archive.file)) return;
  const oldest = archive.days === 0 ? -Infinity : Date.now() - archive.days * msPerDay;
  const kept = eventsIn(archive).filter((event) => timeOf(event) >= oldest);
  writeFileSync(archive.file, kept.map((event) => `${JSON.stringify(event)}\n`).join(''), { mode: 0o600 });
}

/** A killed run may leave an incomplete line. */
function eventsIn({ file }: Archive): BusEvent[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as BusEvent];
    } catch {
      return [];
    }
  });
}

function timeOf(event: BusEvent): number {
  return Date.parse(textOf(event['time']));
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
