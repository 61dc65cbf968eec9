import { database } from "#lib/db.ts";

const patienceMs = 3_000;

/** Whether the database answers within 3 s. Never rejects. */
export async function databaseAnswers(): Promise<boolean> {
  const answer = Promise.resolve()
    .then(() => database().$queryRaw`SELECT 1`)
    .then(
      () => true,
      () => false,
    );
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), patienceMs);
  const healthy = await Promise.race([answer, tooLate]);
  clearTimeout(timer);
  return healthy;
}
