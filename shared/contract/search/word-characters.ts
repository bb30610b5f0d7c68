/** All other characters separate words. */
export const wordCharacters = String.raw`\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}`;
/** People do not type these in a search: soft hyphens, joiners, direction marks. */
export const ignoredCharacters = String.raw`\p{Cf}\p{Default_Ignorable_Code_Point}`;
