import type { environmentNames } from '../../shared/core/runtime/config.ts';
import type { tableSchema } from '../../shared/core/table/schema.ts';

/** Operations on the table. Transactions are authorised by the operations that they contain. */
export type TableAction =
  'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem';
export type IndexName = keyof (typeof tableSchema)['indexes'];
export type EnvironmentName = keyof typeof environmentNames;

/** Operations on the bucket of files; `ListBucket` makes S3 answer 404 instead of 403 for a missing object. */
export type FileAction = 'GetObject' | 'PutObject' | 'DeleteObject' | 'ListBucket';
export type FileRight = `${'quarantine' | 'files'} ${FileAction}`;

/** Operations on the bucket of signed records. */
export type RecordAction = 'GetObject' | 'PutObject' | 'ListBucket';

/**
 * The rights of a function: exactly those that its code can use, which a test checks. Its environment follows from
 * them: with a grant on the table it gets `TABLE_NAME`, and so on. `environment` lists variables that no grant adds.
 *
 * The function itself has no rights on tenants' data. Its tenant role has them; the function assumes it for one tenant,
 * which grants access to that tenant's data only.
 */
export interface FunctionDefinition {
  readonly description: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly environment?: readonly EnvironmentName[];
  /** On items of a tenant. */
  readonly table?: readonly TableAction[];
  /** Indexes that it may Query for items of a tenant. */
  readonly indexes?: readonly IndexName[];
  /** On a tenant's wrapped data keys. */
  readonly keysTable?: readonly TableAction[];
  /** On the key that wraps the tenants' data keys, for one tenant at a time. */
  readonly dataKey?: readonly ('Decrypt' | 'GenerateDataKeyWithoutPlaintext')[];
  /** On items that belong to no tenant. */
  readonly platformTable?: readonly TableAction[];
  /** Indexes that it may Query for items that belong to no tenant. */
  readonly platformIndexes?: readonly IndexName[];
  /** Whether it may check that the key that wraps data keys is usable. */
  readonly describesDataKey?: true;
  /** On the keys of access tokens: `Sign` with the first one, `GetPublicKey` of all. */
  readonly signingKey?: readonly ('Sign' | 'GetPublicKey')[];
  /** On the open sockets: POST sends a frame, DELETE closes. */
  readonly sockets?: readonly ('POST' | 'DELETE')[];
  /** On the bucket of files, by where the objects are: `quarantine` before they were examined, `files` after. */
  readonly files?: readonly FileRight[];
  /** On the tenant's signed records. No function may change or delete one. */
  readonly records?: readonly RecordAction[];
  /** On the key that signs records. */
  readonly recordsKey?: readonly ('Sign' | 'GetPublicKey')[];
  readonly publishesEvents?: true;
  readonly sendsMail?: true;
}
