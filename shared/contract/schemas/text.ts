import * as z from 'zod/mini';

/**
 * All request texts use these builders. Patterns with `\p{…}` are never published: other languages lack Unicode
 * properties.
 */

type TextCheck = z.core.CheckFn<string> | z.core.$ZodCheck<string>;

const malformed = 'must be well-formed Unicode: it has half of a surrogate pair';

/** UTF-8 cannot encode half of a surrogate pair (RFC 3629, section 3), and strict JSON parsers reject it. */
export const wellFormed = z.refine<string>((value) => value.isWellFormed(), malformed);

/** Stored exactly as sent. */
export function text(...checks: TextCheck[]) {
  return z.string().check(wellFormed, ...checks);
}

/** Unicode classifies these blanks as letters or symbols. */
const blankSymbols = String.raw`\u2800\u{1d159}\u{13441}\u{13442}`;
const visibleCharacter = new RegExp(
  String.raw`[^\p{Z}\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}${blankSymbols}]`,
  'u',
);

/** Spaces, controls, blank symbols, default-ignorable code points (UAX #44) and combining marks alone are invisible. */
export function isVisible(value: string): boolean {
  return visibleCharacter.test(value);
}

export const visible = z.refine<string>(isVisible, 'must contain something visible');

export const oneLine = z.refine<string>(
  (value) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value),
  'must be one line without control characters',
);

/** ZERO WIDTH JOINER and NON-JOINER change words of these scripts. */
const joiningScripts =
  'Arab Syrc Mand Nkoo Mong Phag Adlm Rohg Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr Java Bali'
    .split(' ')
    .map((script) => String.raw`\p{Script_Extensions=${script}}`)
    .join('');
const joiningLetter = String.raw`[[${joiningScripts}]&&[\p{L}\p{M}]]`;
/** A joiner after a virama selects a half or separate form, also at a word's end. */
const virama = String.raw`[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]`;
const pictograph = String.raw`\p{Extended_Pictographic}[\ufe0e\ufe0f]?\p{Emoji_Modifier}?`;

const needed = new RegExp(
  [
    String.raw`\p{RGI_Emoji}`,
    String.raw`${pictograph}(?:\u200d${pictograph})*`,
    String.raw`(?<=${joiningLetter})[\u200c\u200d](?=${joiningLetter})`,
    String.raw`(?<=${virama})\u200d(?![\u200c\u200d])`,
    // Variants of ideographs, which Japanese names need, and of Mongolian letters.
    String.raw`(?<=\p{Script=Han})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
    String.raw`(?<=\p{Script=Mong})[\u180b-\u180f](?=$|[^\u180b-\u180f])`,
    String.raw`(?<=[\u2801-\u28ff])\u2800(?=[\u2801-\u28ff])`,
  ].join('|'),
  'gv',
);
const invisible = new RegExp(String.raw`[\p{Cf}\p{Default_Ignorable_Code_Point}${blankSymbols}]`, 'u');

/** Detects invisible characters and direction marks that no script needs. */
export function hidesSomething(name: string): boolean {
  return invisible.test(name) && invisible.test(name.replace(needed, ''));
}

const neededOrHidden = new RegExp(
  String.raw`(${needed.source})|[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800]`,
  'gv',
);

/** Keeps those that a script or an emoji needs. */
export function withoutHidden(name: string): string {
  const shown = name.replace(neededOrHidden, (_, kept: string | undefined) => kept ?? '');
  // A removal may leave another character without a purpose.
  return shown === name ? name : withoutHidden(shown);
}

export const nameDescription =
  'Leading and trailing white space is removed. It must contain something visible, in any script, and no invisible characters or marks that change the direction of writing, except where a script or an emoji needs them.';

/**
 * One visible line without invisible characters, so that no name can imitate another with them. Trims white space.
 *
 * @param longest - in UTF-16 code units.
 */
export function recognisableName(longest: number) {
  return text(
    z.trim(),
    z.minLength(1),
    z.maxLength(longest),
    oneLine,
    visible,
    z.refine<string>(
      (name) => !hidesSomething(name),
      'must not contain invisible characters or marks that change the direction of writing',
    ),
  );
}

function checkTexts({ value, issues }: z.core.ParsePayload<unknown>): void {
  const report = (path: PropertyKey[]) => issues.push({ code: 'custom', path, message: malformed, input: value });
  const walk = (inner: unknown, path: PropertyKey[]): void => {
    if (typeof inner === 'string' && !inner.isWellFormed()) report(path);
    if (typeof inner !== 'object' || inner === null) return;
    for (const [key, member] of Object.entries(inner)) {
      if (!key.isWellFormed()) report([...path, key]);
      walk(member, [...path, key]);
    }
  };
  walk(value, []);
}

export const wellFormedThroughout = z.check(checkTexts);

/** @param mostBytes - of JSON in UTF-8. */
export function jsonObject(mostBytes: number) {
  return z.record(text(z.minLength(1), z.maxLength(64)), z.json()).check(
    wellFormedThroughout,
    z.refine((value) => new TextEncoder().encode(JSON.stringify(value)).length <= mostBytes, {
      error: `must have at most ${mostBytes} bytes as JSON`,
    }),
  );
}
