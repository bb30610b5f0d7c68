/**
 * An empty object for values whose names somebody else chooses: it inherits none, so that `__proto__` and `constructor`
 * are names like others.
 */
export function namedValues<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}
