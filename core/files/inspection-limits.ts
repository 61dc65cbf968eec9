/** Caps of one file's inspection, over everything inside it. Past any of them it is `archive-too-complex`: never a partial answer that looks whole. */

/** Entries over all levels. */
export const entriesMax = 10_000;
/** Archives in archives, files in documents. */
export const archiveDepthMax = 8;
/** What is unpacked to be looked at, over all levels. Bytes. */
export const unpackedBytesMax = 104_857_600;
/** Pieces that are unpacked, whatever comes out of them. */
export const unpackedPiecesMax = 50_000;
/** What all entries say that they are unpacked. Bytes. */
export const declaredBytesMax = 1_073_741_824;
/** Unpacked to packed bytes of one entry, and of all entries to the file. */
export const ratioMax = 250;
/** The ratio is not looked at below so many unpacked bytes. */
export const ratioFromBytes = 16_777_216;
/** Of an entry's name so much is kept. Characters. */
export const entryNameMax = 1_024;
