import type { EnvironmentName } from '../../shared/core/runtime/config.ts';
import type { tableSchema } from '../../shared/core/table/schema.ts';
import type { FunctionName } from './definitions.ts';
import generated from './grants.json' with { type: 'json' };

/** Operations on the table. Transactions are authorised by the operations that they contain. */
export type TableAction =
  'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem';
export type IndexName = keyof (typeof tableSchema)['indexes'];

/** Operations on the bucket of files. With `ListBucket`, S3 answers 404 instead of 403 for an absent object. */
export type FileAction = 'GetObject' | 'PutObject' | 'DeleteObject' | 'ListBucket';
export type FileRight = `${'quarantine' | 'files'} ${FileAction}`;

/** Operations on the bucket of signed records. */
export type RecordAction = 'GetObject' | 'PutObject' | 'ListBucket';

/**
 * The rights of a function: exactly those that its code can use. `npm run grants` derives them from the code. The
 * function's environment follows from them: with a grant on the table, it contains `TABLE_NAME`, and so on.
 *
 * The function itself has no rights on tenants' data. Its tenant role has them. The function assumes that role for one
 * tenant at a time, which gives access only to that tenant's data.
 */
export interface FunctionGrants {
  /** On items of a tenant. */
  readonly table?: readonly TableAction[];
  /** Indexes that it may query for items of a tenant. */
  readonly indexes?: readonly IndexName[];
  /** On a tenant's wrapped data keys. */
  readonly keysTable?: readonly TableAction[];
  /** On the key that wraps the tenants' data keys, for one tenant at a time. */
  readonly dataKey?: readonly ('Decrypt' | 'GenerateDataKeyWithoutPlaintext')[];
  /** On items that belong to no tenant. */
  readonly platformTable?: readonly TableAction[];
  /** Indexes that it may query for items that belong to no tenant. */
  readonly platformIndexes?: readonly IndexName[];
  /** Whether it may check that the key that wraps data keys is usable. */
  readonly describesDataKey?: true;
  /** On the keys of access tokens: `Sign` with the first one, `GetPublicKey` of all. */
  readonly signingKey?: readonly ('Sign' | 'GetPublicKey')[];
  /** On the open sockets: POST sends a frame, DELETE closes. */
  readonly sockets?: readonly ('POST' | 'DELETE')[];
  /** On the bucket of files: `quarantine` before the examination, `files` after it. */
  readonly files?: readonly FileRight[];
  /** On the tenant's signed records. No function may change or delete one. */
  readonly records?: readonly RecordAction[];
  /** On the key that signs records. */
  readonly recordsKey?: readonly ('Sign' | 'GetPublicKey')[];
  readonly publishesEvents?: true;
  readonly sendsMail?: true;
  /** Variables that no grant adds. */
  readonly environment?: readonly EnvironmentName[];
}

const grants = generated as unknown as Readonly<Record<string, FunctionGrants>>;

/** @throws Error if the generated file does not contain the function. */
export function grantsOf(name: FunctionName): FunctionGrants {
  const functionGrants = grants[name];
  if (functionGrants === undefined) throw new Error(`lib/functions/grants.json has no ${name}: run npm run grants`);
  return functionGrants;
}
