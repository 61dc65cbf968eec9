/** A kind of jobs that lie in the database until they are done. */
export type JobKind = {
  name: string;
  /** Ids of the jobs that are not done, oldest first. */
  unfinished(): Promise<string[]>;
  /** Carries out the next part of a job and writes down what came of it; false: the job is over. */
  step(jobId: string): Promise<boolean>;
};

/** What runs now, by kind; the bundles of the console share it. */
const holder = globalThis as typeof globalThis & { posternJobs?: Map<string, Promise<void>> };

/**
 * Carries out every job that is not done, part by part, and resolves when none is left. Also after a restart: what was asked for and not
 * written down is asked for again, which must harm nothing. Called while it runs it runs once more.
 */
export function runJobs(kind: JobKind): Promise<void> {
  const running = (holder.posternJobs ??= new Map());
  const before = running.get(kind.name) ?? Promise.resolve();
  const all = () => runAll(kind);
  const next = before.then(all, all);
  running.set(kind.name, next);
  return next;
}

/** Goes on with the jobs that are not done; when it cannot, the next start of the console or of a job does. */
export function resumeJobs(kind: JobKind): void {
  runJobs(kind).catch((error: unknown) => console.error(`the jobs on the ${kind.name} stopped`, error));
}

async function runAll({ unfinished, step }: JobKind): Promise<void> {
  for (let jobs = await unfinished(); jobs.length > 0; jobs = await unfinished()) {
    for (const job of jobs) while (await step(job));
  }
}
