export interface ConsumedUnits {
  readonly readUnits: number;
  readonly writeUnits: number;
}

interface ConsumedCapacity {
  readonly CapacityUnits?: number;
}

const readOperations = new Set(['GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems']);
const meteredOperations = new Set([
  ...readOperations,
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
]);

const none: ConsumedUnits = { readUnits: 0, writeUnits: 0 };
const marker = '"ConsumedCapacity":';

export function isMetered(operation: string): boolean {
  return meteredOperations.has(operation);
}

/** Does not parse the body. */
export function askForCapacity(body: Buffer): Buffer {
  const end = body.lastIndexOf(0x7d);
  if (end < 0) return body;
  return Buffer.concat([body.subarray(0, end), Buffer.from(',"ReturnConsumedCapacity":"TOTAL"}')]);
}

export function takeCapacity(operation: string, answer: Buffer): { body: Buffer; units: ConsumedUnits } {
  const at = answer.lastIndexOf(marker);
  if (at < 0) return { body: answer, units: none };
  // The engine writes the capacity last.
  const tail = tryParse(`{${answer.toString('utf8', at)}`);
  if (tail !== undefined && Object.keys(tail).length === 1) {
    const beginning = answer.toString('latin1', at - 1, at) === ',' ? at - 1 : at;
    const body = Buffer.concat([answer.subarray(0, beginning), Buffer.from('}')]);
    return { body, units: unitsOf(operation, tail['ConsumedCapacity']) };
  }
  const { ConsumedCapacity: consumed, ...rest } = JSON.parse(answer.toString()) as Record<string, unknown>;
  return { body: Buffer.from(JSON.stringify(rest)), units: unitsOf(operation, consumed) };
}

export function readCapacity(operation: string, answer: Buffer): ConsumedUnits {
  const { ConsumedCapacity: consumed } = JSON.parse(answer.toString()) as Record<string, unknown>;
  return unitsOf(operation, consumed);
}

/**
 * AWS meters the existing item, at least one unit. The engine reports none.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export function unitsOfFailedCondition(operation: string, answer: Buffer, transactionItems: number): ConsumedUnits {
  const text = answer.toString('utf8', 0, 200);
  if (operation === 'TransactWriteItems' && text.includes('TransactionCanceledException')) {
    return { readUnits: 0, writeUnits: 2 * transactionItems };
  }
  if (!text.includes('ConditionalCheckFailedException')) return none;
  const { Item: item } = JSON.parse(answer.toString()) as { Item?: unknown };
  const bytes = item === undefined ? 0 : Buffer.byteLength(JSON.stringify(item));
  return { readUnits: 0, writeUnits: Math.max(1, Math.ceil(bytes / 1024)) };
}

function unitsOf(operation: string, consumed: unknown): ConsumedUnits {
  const entries = (Array.isArray(consumed) ? consumed : [consumed]) as (ConsumedCapacity | undefined)[];
  const total = entries.reduce((sum, entry) => sum + (entry?.CapacityUnits ?? 0), 0);
  return readOperations.has(operation) ? { readUnits: total, writeUnits: 0 } : { readUnits: 0, writeUnits: total };
}

function tryParse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
