/** The characters of words, for a class of a regular expression. All other characters separate words. */
export const wordCharacters = String.raw`\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}`;
/** Invisible characters that people do not type in a search: soft hyphens, joiners, direction marks. */
export const ignoredCharacters = String.raw`\p{Cf}\p{Default_Ignorable_Code_Point}`;
