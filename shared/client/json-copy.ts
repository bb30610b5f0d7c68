/** Deeper values are bugs. The server's limit is lower. */
const mostLevels = 200;

/**
 * Copies a value as JSON represents it.
 *
 * @throws TypeError with the path of the first value that JSON would drop, change or reject.
 */
export function jsonCopy<Value>(value: Value): Value {
  return copyOf(value, '', []) as Value;
}

function copyOf(value: unknown, path: string, above: readonly object[]): unknown {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return checkText(value, path);
    case 'number':
      // Makes a negative zero positive, as JSON does.
      return Number.isFinite(value) ? value + 0 : fail(path, `${value} is not a number in JSON`);
    case 'object':
      return value === null ? null : copyOfObject(value, path, above);
    default:
      return fail(path, `JSON has no ${typeof value}`);
  }
}

function copyOfObject(value: object, path: string, above: readonly object[]): unknown {
  if (above.includes(value)) return fail(path, 'it contains itself');
  if (above.length >= mostLevels) return fail(path, `it has more than ${mostLevels} levels`);
  const within = [...above, value];
  // A proxy can throw at any step.
  try {
    if (ArrayBuffer.isView(value)) return fail(path, 'JSON has no binary data');
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return copyOfWritten(value, toJSON.call(value, ''), path, within);
    if (Array.isArray(value)) return Array.from(value, (item, index) => copyOf(item, `${path}/${index}`, within));
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    // JSON drops the content of other kinds, such as a Map.
    if (kind !== 'Object') return fail(path, `JSON has no ${kind}`);
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(
      members.map(([name, member]) => [checkText(name, path), copyOf(member, `${path}/${name}`, within)]),
    );
  } catch (error) {
    throw error instanceof NotJsonError ? error : new NotJsonError(path, 'it cannot be read', error);
  }
}

/** An invalid `Date` becomes null, which changes the meaning. */
function copyOfWritten(value: object, written: unknown, path: string, within: readonly object[]): unknown {
  if (written === null && Object.prototype.toString.call(value) === '[object Date]') {
    return fail(path, 'the date is invalid');
  }
  return copyOf(written, path, within);
}

/** `u` keeps the pattern from matching halves of complete pairs. */
function checkText(text: string, path: string): string {
  return /[\uD800-\uDFFF]/u.test(text) ? fail(path, 'the text has half of a surrogate pair') : text;
}

class NotJsonError extends TypeError {
  constructor(path: string, reason: string, cause?: unknown) {
    super(`This cannot be sent as JSON: ${path === '' ? reason : `${path}: ${reason}`}`, { cause });
  }
}

function fail(path: string, reason: string): never {
  throw new NotJsonError(path, reason);
}
