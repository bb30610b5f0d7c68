/** Beginning with a letter, and at most 64 characters. */
const name = '[A-Za-z][A-Za-z0-9_.-]{0,63}';
/** `{name}`, `{name|default}`, and either one after a backslash. */
const placeholderPattern = new RegExp(String.raw`(\\?)\{(${name})(?:\|([^{}\n]*))?\}`, 'g');
/** Code points of one value. A longer value is shortened. */
export const longestValue = 500;

export interface Placeholder {
  readonly name: string;
  readonly default?: string;
}

export type PlaceholderValues = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface RenderedText {
  readonly text: string;
  /** Names without a value and a default, in the order of the text. The text still shows them. */
  readonly unresolved: readonly string[];
}

/** Every occurrence, in the order of the text. */
export function placeholdersIn(text: string): readonly Placeholder[] {
  return [...text.matchAll(placeholderPattern)]
    .filter(([, backslash]) => backslash === '')
    .map(([, , placeholder = '', standard]) => ({
      name: placeholder,
      ...(standard === undefined ? {} : { default: standard }),
    }));
}

/**
 * Replaces placeholders. A blank value counts as missing: its placeholder becomes the default, or stays visible. Values
 * are inserted as they are, so a value that contains `{name}` is not replaced again.
 */
export function renderPlaceholders(text: string, values: PlaceholderValues): RenderedText {
  const unresolved = new Set<string>();
  const rendered = text.replace(
    placeholderPattern,
    (whole: string, backslash: string, placeholder: string, standard: string | undefined) => {
      if (backslash !== '') return whole.slice(1);
      const value = valueOf(values, placeholder) ?? standard;
      if (value === undefined) unresolved.add(placeholder);
      return value ?? whole;
    },
  );
  return { text: rendered, unresolved: [...unresolved] };
}

/** Excludes inherited members, such as `constructor`. */
function valueOf(values: PlaceholderValues, placeholder: string): string | undefined {
  const value = Object.hasOwn(values, placeholder) ? values[placeholder] : undefined;
  const text = value === undefined || value === null ? '' : String(value).toWellFormed();
  if (text.trim() === '') return undefined;
  if (text.length <= longestValue) return text;
  const characters = [...text];
  return characters.length <= longestValue ? text : `${characters.slice(0, longestValue - 1).join('')}…`;
}
