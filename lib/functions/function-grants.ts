import type { EnvironmentName } from '../../shared/core/runtime/config.ts';
import type { tableSchema } from '../../shared/core/table/schema.ts';
import type { FunctionName } from './definitions.ts';
import generated from './grants.json' with { type: 'json' };

/** These also authorise transactions. */
export type TableAction =
  'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem';
export type IndexName = keyof (typeof tableSchema)['indexes'];

/** With `ListBucket`, S3 answers 404 instead of 403 for an absent object. */
export type FileAction = 'GetObject' | 'PutObject' | 'DeleteObject' | 'ListBucket';
export type FileRight = `${'quarantine' | 'files'} ${FileAction}`;

export type RecordAction = 'GetObject' | 'PutObject' | 'ListBucket';

/** `CreatePlatformEndpoint` on the platform applications of the stage, the others on their endpoints. */
export type PushAction =
  'CreatePlatformEndpoint' | 'GetEndpointAttributes' | 'SetEndpointAttributes' | 'DeleteEndpoint' | 'Publish';

/**
 * Exactly the rights that the code can use, as `npm run grants` derives them.
 *
 * Only the tenant role has rights on tenants' data. The function assumes it for one tenant at a time.
 */
export interface FunctionGrants {
  readonly table?: readonly TableAction[];
  readonly indexes?: readonly IndexName[];
  readonly keysTable?: readonly TableAction[];
  readonly dataKey?: readonly ('Decrypt' | 'GenerateDataKeyWithoutPlaintext')[];
  readonly platformTable?: readonly TableAction[];
  readonly platformIndexes?: readonly IndexName[];
  readonly describesDataKey?: true;
  /** `Sign` with the first key, `GetPublicKey` of all. */
  readonly signingKey?: readonly ('Sign' | 'GetPublicKey')[];
  /** POST sends a frame, DELETE closes. */
  readonly sockets?: readonly ('POST' | 'DELETE')[];
  readonly files?: readonly FileRight[];
  /** No function may change or delete a signed record. */
  readonly records?: readonly RecordAction[];
  readonly recordsKey?: readonly ('Sign' | 'GetPublicKey')[];
  readonly push?: readonly PushAction[];
  readonly publishesEvents?: true;
  readonly sendsMail?: true;
  readonly sendsWakeUps?: true;
  readonly sendsLaneWakeUps?: true;
  readonly schedulesWakeUps?: true;
  /** Variables that no grant adds. */
  readonly environment?: readonly EnvironmentName[];
}

const grants = generated as unknown as Readonly<Record<string, FunctionGrants>>;

/** @throws Error if the generated file lacks the function. */
export function grantsOf(name: FunctionName): FunctionGrants {
  const functionGrants = grants[name];
  if (functionGrants === undefined) throw new Error(`lib/functions/grants.json has no ${name}: run npm run grants`);
  return functionGrants;
}
