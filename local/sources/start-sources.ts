import { join } from 'node:path';
import type { Assembly, AwsEndpoint, FunctionHost, LocalPace } from '../contract.ts';
import type { FaultPlan } from '../fault-plan.ts';
import { Checkpoints } from './checkpoints.ts';
import { readMapping, tableArnOf } from './mapping.ts';
import type { Mapping } from './mapping.ts';
import { queueSource } from './queue-source.ts';
import type { Source } from './source.ts';
import { streamSource } from './stream-source.ts';

export interface SourcesOptions {
  readonly assembly: Assembly;
  readonly aws: AwsEndpoint;
  readonly host: FunctionHost;
  readonly dataDirectory: string;
  readonly deliver: (functionName: string, destinationArn: string, body: object) => Promise<void>;
  readonly log: (line: string) => void;
  readonly pace?: LocalPace;
  readonly faults?: FaultPlan;
}

export interface Sources {
  readonly all: readonly Source[];
  drained(): Promise<void>;
  stop(): Promise<void>;
}

export function startSources(options: SourcesOptions): Sources {
  const checkpoints = new Checkpoints(join(options.dataDirectory, 'stream-checkpoints.json'));
  const all: Source[] = [];
  for (const resource of options.assembly.ofType('AWS::Lambda::EventSourceMapping')) {
    const mapping = readMapping(resource);
    if (mapping === undefined) continue;
    all.push(sourceOf(mapping, options, checkpoints));
  }
  for (const source of all) source.start();
  return {
    all,
    drained: async () => {
      await Promise.all(all.map((source) => source.drained()));
    },
    stop: async () => {
      await Promise.all(all.map((source) => source.stop()));
      checkpoints.flush();
    },
  };
}

function sourceOf(mapping: Mapping, options: SourcesOptions, checkpoints: Checkpoints): Source {
  const { assembly, aws, host, deliver, log, pace, faults = {} } = options;
  const common = { aws, host, mapping, log, faults };
  if (mapping.sourceArn.includes(':dynamodb:')) {
    const delay = pace?.streamDelayMs === undefined ? {} : { delayMs: pace.streamDelayMs };
    return streamSource({ ...common, partitionKey: partitionKeyOf(assembly, mapping), checkpoints, deliver, ...delay });
  }
  const queueUrl = assembly.byArn(mapping.sourceArn)?.physicalId;
  if (queueUrl === undefined) throw new Error(`${mapping.id}: there is no queue ${mapping.sourceArn}.`);
  const retry = pace?.queueRetryAfterMs === undefined ? {} : { retryAfterMs: pace.queueRetryAfterMs };
  return queueSource({ ...common, assembly, queueUrl, ...retry });
}

function partitionKeyOf(assembly: Assembly, { id, sourceArn }: Mapping): string {
  const schema = assembly.byArn(tableArnOf(sourceArn))?.properties['KeySchema'];
  const keys = (schema ?? []) as readonly { readonly AttributeName: string; readonly KeyType: string }[];
  const partitionKey = keys.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
  if (partitionKey === undefined) throw new Error(`${id}: there is no table with the stream ${sourceArn}.`);
  return partitionKey;
}
