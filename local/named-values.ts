/**
 * An empty object for names from outside. It has no prototype, so `__proto__` and `constructor` are names like others.
 */
export function namedValues<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}
