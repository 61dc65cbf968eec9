/** A worker reports every 2 s at least; after this long without a word it counts as down. */
export const workerSilenceMs = 5_000;
