/** One header block. Bytes. */
export const headerBytesMax = 1_048_576;
/** Fields of one header block. */
export const headerFieldsMax = 2_000;
/** Parts of a message at every depth together. */
export const partsMax = 1_000;
/** Multiparts and messages inside each other. */
export const nestingMax = 100;
/** Multiparts or messages that are themselves encoded (base64, quoted-printable), inside each other. */
export const encodedNestingMax = 4;
/** Headers with a line that is no field, so that content may begin there. */
export const strayContentsMax = 16;
/** Bytes of a body line that are looked at: enough for `--`, the longest boundary and `--`. */
export const lineHeadBytesMax = 300;
