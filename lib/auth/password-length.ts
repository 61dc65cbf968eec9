/** Characters. */
export const passwordLengthMin = 12;
/** Keeps the work of hashing bounded. */
export const passwordLengthMax = 256;
