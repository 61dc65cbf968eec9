/** What the workers said, in one sentence; `ok` when all of them took it. */
export function givenWords(workers: readonly { worker: string; error: string | null }[]): {
  ok: boolean;
  words: string;
} {
  const refused = workers.filter(({ error }) => error !== null);
  if (workers.length === 0) return { ok: true, words: "No worker is enrolled yet." };
  if (refused.length === 0) {
    return { ok: true, words: workers.length === 1 ? "The worker has it." : `All ${workers.length} workers have it.` };
  }
  const reasons = refused.map(({ worker, error }) => `${worker}: ${error}`).join(" ");
  return { ok: false, words: `Not given to ${refused.length} of ${workers.length} workers. ${reasons}` };
}
