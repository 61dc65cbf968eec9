const deletedAtOnce = 5_000;

/** Runs a DELETE of at most so many rows until it finds fewer, so that reports wait for no long statement; gives how many went. */
export async function deleteInParts(statement: (rows: number) => Promise<number>): Promise<number> {
  let deleted = 0;
  for (let last = deletedAtOnce; last === deletedAtOnce; deleted += last) last = await statement(deletedAtOnce);
  return deleted;
}
