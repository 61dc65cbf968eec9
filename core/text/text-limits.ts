/** Bytes of one part's text that are decoded; no charset makes more UTF-16 units than it has bytes. */
export const textBytesMax = 1_048_576;
/** Charsets that a part's text is read in, guesses included. */
export const readingsMax = 6;
/** Links of one part, each counted once; more are only counted. */
export const linksMax = 1_000;
/** Characters of a URL that are kept; its host is read from the whole. */
export const urlCharactersMax = 2_048;
/** Characters of a link's display text that are kept and looked at. */
export const displayTextCharactersMax = 256;
