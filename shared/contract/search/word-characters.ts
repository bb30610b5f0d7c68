/** What words are made of, for a class of a regular expression; everything else stands between them. */
export const wordCharacters = String.raw`\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}`;
/** What nobody sees in a word and nobody types when they search: soft hyphens, joiners, marks of direction. */
export const ignoredCharacters = String.raw`\p{Cf}\p{Default_Ignorable_Code_Point}`;
