/** What words are made of, for a class of a regular expression; everything else stands between them. */
export const wordCharacters = String.raw`\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}`;
