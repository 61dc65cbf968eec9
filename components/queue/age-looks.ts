import type { QueueAge } from "#lib/queue/search.ts";

/** How long mail waits, youngest first; the longer, the warmer. */
export const ageLooks: readonly { age: QueueAge; words: string; tint: string }[] = [
  { age: "5m", words: "under 5 min", tint: "" },
  { age: "15m", words: "5 to 15 min", tint: "bg-hold-tint" },
  { age: "1h", words: "15 min to 1 h", tint: "bg-hold-tint" },
  { age: "4h", words: "1 to 4 h", tint: "bg-tempfail-tint" },
  { age: "1d", words: "4 h to 1 d", tint: "bg-warn-tint" },
  { age: "older", words: "over 1 d", tint: "bg-deny-tint" },
];
