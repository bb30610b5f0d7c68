/** Has no prototype, so `__proto__` and `constructor` are ordinary names. */
export function namedValues<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}
