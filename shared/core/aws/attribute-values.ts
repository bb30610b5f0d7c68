import type { AttributeValue } from 'aws-lambda';

/** As DynamoDB's JSON and the events of its streams have it: numbers and bytes are text. */
export type StoredValues = Readonly<Record<string, AttributeValue>>;
export type Values = Readonly<Record<string, unknown>>;

/**
 * Omits members that are undefined.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 *
 * @throws Error for values that DynamoDB cannot store, and for numbers that would lose precision.
 */
export function toStoredValues(values: Values): Record<string, AttributeValue> {
  const stored: Record<string, AttributeValue> = {};
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value !== undefined) setMember(stored, name, toStoredValue(value));
  }
  return stored;
}

/** Bytes become a `Uint8Array`. */
export function fromStoredValues(stored: StoredValues): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(stored)) setMember(values, name, fromStoredValue(value));
  return values;
}

function toStoredValue(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: numberText(value) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      return value === null ? { NULL: true } : toStoredObject(value);
    default:
      throw new Error(`DynamoDB stores no ${typeof value}`);
  }
}

function toStoredObject(value: object): AttributeValue {
  if (Array.isArray(value)) return { L: value.filter((item) => item !== undefined).map(toStoredValue) };
  if (value instanceof Uint8Array) return { B: base64(value) };
  if (value instanceof Set) return toStoredSet(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new Error('DynamoDB stores no instances of classes');
  return { M: toStoredValues(value as Values) };
}

function toStoredSet(set: ReadonlySet<unknown>): AttributeValue {
  const items = [...set].filter((item) => item !== undefined);
  if (items.length === 0) throw new Error('DynamoDB stores no empty sets');
  if (items.every((item) => typeof item === 'string')) return { SS: items };
  if (items.every((item) => typeof item === 'number')) return { NS: items.map(numberText) };
  if (items.every((item) => item instanceof Uint8Array)) return { BS: items.map(base64) };
  throw new Error('DynamoDB stores only sets of strings, of numbers or of bytes');
}

function fromStoredValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return numberOf(value.N);
  if (value.B !== undefined) return bytesOf(value.B);
  if (value.M !== undefined) return fromStoredValues(value.M);
  if (value.L !== undefined) return value.L.map(fromStoredValue);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.SS !== undefined) return new Set(value.SS);
  if (value.NS !== undefined) return new Set(value.NS.map(numberOf));
  if (value.BS !== undefined) return new Set(value.BS.map(bytesOf));
  throw new Error('DynamoDB returned a value of an unknown type');
}

function numberText(value: number): string {
  if (!isExact(value)) throw new Error('DynamoDB would not store this number exactly');
  return String(value);
}

function numberOf(text: string): number {
  const value = Number(text);
  if (!isExact(value)) throw new Error('JavaScript does not hold this number exactly');
  return value;
}

function isExact(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** An assignment to `__proto__` would set the prototype. */
function setMember<Value>(target: Record<string, Value>, name: string, value: Value): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
