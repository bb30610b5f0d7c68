/** The numbers that parsing changed, by the object or list that holds them, and their names in it. */
export type ChangedNumbers = ReadonlyMap<object, ReadonlySet<string>>;

/** Up to 15 significant digits without an exponent survive a double-precision number. */
const suspicious = /[0-9.]{16}|[0-9.][eE]/;

/** https://tc39.es/proposal-json-parse-with-source/ */
interface Context {
  readonly source?: string;
}

/**
 * Parses JSON and finds the numbers that parsing changed.
 *
 * @throws SyntaxError for what is no JSON; RangeError if it is nested so deeply that the stack ends.
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

/** The most digits that `toPrecision` writes. */
const mostDigits = 100;

/**
 * Whether a number reads back as it was written: its text is what JavaScript writes for its double-precision number,
 * or that number rounded at any place, as other encoders write it (`0.10000000000000001`). Integers beyond 2^53 are
 * refused (RFC 7493, section 2.2) unless an exponent says that they count nothing.
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

/** One text for all spellings of a decimal number without its sign, and how many significant digits it was written with. */
function decimal(source: string): { readonly text: string; readonly digits: number } {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?([0-9]+)(?:\.([0-9]+))?(?:[eE](.+))?$/.exec(source) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  // Without the lookbehind, the time would grow with the square of the zeros before another digit.
  const significant = digits.replace(/(?<!0)0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return { text: significant === '' ? '0' : `${significant}e${power}`, digits: Math.max(1, digits.length) };
}
