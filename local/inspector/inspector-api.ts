import { functionFigures, stories } from './history.ts';
import type { InspectorParts } from './inspector-parts.ts';
import { listQueues, peekMessages, redrive } from './queues.ts';
import { actAtVendor, listVendorTickets } from './tickets.ts';
import { listTables, readItems } from './tables.ts';

/** Undefined for an unknown path. */
export type InspectorAnswer = { readonly value: unknown } | undefined;

/** Answers `GET /__local/api/<path>`. */
export async function inspect(parts: InspectorParts, path: string, query: URLSearchParams): Promise<InspectorAnswer> {
  const { assembly, aws, recorder, host } = parts;
  const [area = '', name = ''] = path.split('/').map(decodeURIComponent);
  const optional = (key: string): string | undefined => query.get(key) ?? undefined;
  switch (area) {
    case '':
      return { value: overview(parts) };
    case 'functions':
      return { value: functionFigures(host, recorder) };
    case 'mails':
      return { value: recorder.sinks('mail') };
    case 'pushes':
      return { value: recorder.sinks('push') };
    case 'requests':
      return { value: recorder.sinks('request') };
    case 'tickets':
      return { value: listVendorTickets(parts.vendors) };
    case 'events':
      return { value: recorder.sinks('event') };
    case 'calls':
      return { value: recorder.calls(query.has('since') ? Number(query.get('since')) : undefined) };
    case 'invocations': {
      const limit = Number(query.get('limit') ?? 100);
      return { value: stories(recorder, { functionName: optional('function'), limit }) };
    }
    case 'late-work':
      return { value: parts.lateWork() };
    case 'queues':
      return { value: name === '' ? await listQueues(assembly, aws) : await peekMessages(assembly, aws, name) };
    case 'schedules':
      return {
        value: parts.schedules.all.map((schedule) => ({
          name: schedule.name,
          expression: schedule.expression,
          nextAt: isoTime(schedule.nextAt()),
        })),
      };
    case 'connections':
      return { value: connections(parts) };
    case 'tables': {
      const tables = listTables(assembly);
      if (name === '') return { value: tables };
      const table = tables.find((candidate) => candidate.name === name);
      const partition = query.get('partition') ?? '';
      const next = query.get('next');
      return table && { value: await readItems(table, aws, { partition, ...(next === null ? {} : { next }) }) };
    }
    default:
      return undefined;
  }
}

/** Handles `POST /__local/api/<path>`. */
export async function command(parts: InspectorParts, path: string, query: URLSearchParams): Promise<InspectorAnswer> {
  const [area = '', name = '', verb = ''] = path.split('/').map(decodeURIComponent);
  if (area === 'tickets') {
    const acted = actAtVendor(parts.vendors, name, verb, query);
    return acted && { value: acted };
  }
  switch (`${area}${verb === '' ? '' : `/${verb}`}`) {
    case 'settled':
      await parts.settled();
      return { value: { settled: true } };
    case 'clear':
      parts.recorder.clear();
      return { value: { cleared: true } };
    case 'recycle':
      await parts.host.recycle();
      return { value: { recycled: true } };
    case 'queues/redrive':
      return { value: { moved: await redrive(parts.assembly, parts.aws, name) } };
    case 'schedules/run': {
      const schedule = parts.schedules.all.find((candidate) => candidate.name === name);
      if (schedule === undefined) return undefined;
      await schedule.run();
      return { value: { ran: name } };
    }
    default:
      return undefined;
  }
}

function overview(parts: InspectorParts): object {
  return {
    url: parts.url,
    socketUrl: parts.socketUrl,
    awsUrl: parts.aws.url,
    region: parts.assembly.region,
    startedInMs: Math.round(parts.startedInMs()),
    stacks: [...new Set(parts.assembly.resources.map(({ stack }) => stack))],
    connections: connections(parts).length,
  };
}

function connections({ socketApis }: InspectorParts): object[] {
  return socketApis.flatMap((api) =>
    api.connections.all().map((connection) => ({
      connectionId: connection.connectionId,
      connectedAt: isoTime(connection.connectedAt),
      lastActiveAt: isoTime(connection.lastActiveAt),
      userAgent: connection.userAgent,
      authorizer: connection.authorizer,
    })),
  );
}

function isoTime(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
