const jobsShownMax = 3;
const jobShownMs = 60 * 60 * 1_000;

/** A command on everything that a search found. */
export type JobView = {
  id: string;
  command: string;
  actor: string;
  total: number;
  done: number;
  failed: number;
  /** The first of those that failed. */
  reasons: string[];
  finishedAt: Date | null;
};

const select = {
  id: true,
  command: true,
  actor: true,
  total: true,
  done: true,
  failed: true,
  reasons: true,
  finishedAt: true,
} as const;

/** Asks a table of jobs for those under way, and those that ended within the hour, newest first. */
export function recentJobsAt(now: Date) {
  return {
    where: { OR: [{ finishedAt: null }, { finishedAt: { gt: new Date(now.getTime() - jobShownMs) } }] },
    orderBy: { createdAt: "desc" as const },
    take: jobsShownMax,
    select,
  };
}

/** Asks a table of jobs for the ids of those that are not done, oldest first. */
export const unfinished = {
  where: { finishedAt: null },
  orderBy: { createdAt: "asc" },
  select: { id: true },
} as const;
