import type { ServiceRequest } from '../../contract.ts';

export interface PartialBatch {
  readonly input: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  readonly complete: (answer: Buffer) => Buffer;
}

type Batch = Readonly<Record<string, readonly unknown[] | { readonly Keys: readonly unknown[] }>>;

/**
 * Returns every second entry of a batch as unprocessed.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
export function processPartly(request: ServiceRequest): PartialBatch {
  const { operation, input, body } = request;
  const member = { BatchWriteItem: 'UnprocessedItems', BatchGetItem: 'UnprocessedKeys' }[operation];
  if (request.partialFailure !== true || member === undefined) return { input, body, complete: (answer) => answer };
  const batch = (input['RequestItems'] ?? {}) as Batch;
  const kept = { ...input, RequestItems: everyOther(batch, 0) };
  const left = everyOther(batch, 1);
  return {
    input: kept,
    body: Buffer.from(JSON.stringify(kept)),
    complete: (answer) => Buffer.from(JSON.stringify({ ...(JSON.parse(answer.toString()) as object), [member]: left })),
  };
}

function everyOther(batch: Batch, remainder: 0 | 1): Batch {
  const isChosen = (_entry: unknown, index: number): boolean => index % 2 === remainder;
  const parts = Object.entries(batch).map(([table, part]): [string, Batch[string]] =>
    'Keys' in part ? [table, { ...part, Keys: part.Keys.filter(isChosen) }] : [table, part.filter(isChosen)],
  );
  return Object.fromEntries(parts.filter(([, part]) => ('Keys' in part ? part.Keys : part).length > 0));
}
