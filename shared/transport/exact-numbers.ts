/** Names of the changed numbers, by the object or list that contains them. */
export type ChangedNumbers = ReadonlyMap<object, ReadonlySet<string>>;

/** Matches any JSON with a number of more than 15 significant digits or an exponent. Doubles hold all other numbers. */
const suspicious = /[0-9.]{16}|[0-9.][eE]/;

/** https://tc39.es/proposal-json-parse-with-source/ */
interface Context {
  readonly source?: string;
}

/**
 * Parses JSON and finds the numbers that parsing changed.
 *
 * @throws SyntaxError if the text is not JSON; RangeError if its nesting exhausts the stack.
 */
export function parseWithNumbers(json: string): { readonly json: unknown; readonly changed: ChangedNumbers } {
  const changed = new Map<object, Set<string>>();
  if (!suspicious.test(json)) return { json: JSON.parse(json) as unknown, changed };
  const parsed: unknown = JSON.parse(json, function (this: object, key: string, value: unknown, context?: Context) {
    if (typeof value === 'number' && context?.source !== undefined && !isKept(context.source, value)) {
      changed.set(this, (changed.get(this) ?? new Set()).add(key));
    }
    return value;
  });
  return { json: parsed, changed };
}

const mostDigits = 100;

/**
 * Whether a number survives parsing: its text is JavaScript's text for the double, or the double rounded at any digit
 * (`0.10000000000000001`). Integers beyond 2^53 without an exponent are rejected (RFC 7493, section 2.2).
 */
export function isKept(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  const written = decimal(source);
  const isShortest = written.text === decimal(String(value)).text;
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return isShortest && /[eE]/.test(source);
  return (
    isShortest || (written.digits <= mostDigits && written.text === decimal(value.toPrecision(written.digits)).text)
  );
}

/** Ignores the sign. */
function decimal(source: string): { readonly text: string; readonly digits: number } {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?([0-9]+)(?:\.([0-9]+))?(?:[eE](.+))?$/.exec(source) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  // Without the lookbehind, zeros take quadratic time.
  const significant = digits.replace(/(?<!0)0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return { text: significant === '' ? '0' : `${significant}e${power}`, digits: Math.max(1, digits.length) };
}
