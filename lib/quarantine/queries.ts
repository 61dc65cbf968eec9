import { z } from "zod";
import { type QuarantineCause, quarantineEntrySchema } from "#core/contract/quarantine.ts";
import { database, type Transaction } from "#lib/db.ts";
import { contains } from "#lib/events/event-search.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { atInterface } from "#lib/interfaces/scope.ts";
import { type JobView, recentJobsAt, unfinished } from "#lib/jobs/job-view.ts";
import { readCursor, writeCursor } from "#lib/search.ts";
import type { ControlTarget } from "#lib/workers/control-client.ts";
import type { EntryRef } from "./quarantine-input.ts";
import type { QuarantineFilter, QuarantineSearch } from "./search.ts";

const pageSize = 100;
/** Entries of one job. */
export const jobEntriesMax = 50_000;

const rowSchema = quarantineEntrySchema.extend({ workerId: z.string(), keptAt: z.date(), expiresAt: z.date() });
export type QuarantineRow = z.infer<typeof rowSchema>;

export type QuarantinePage = {
  rows: QuarantineRow[];
  /** Entries that the filters let through, on all pages. */
  matching: number;
  /** Entries of the interface in the quarantine, whatever the other filters say. */
  total: number;
  next: string | null;
};

const countSchema = z.tuple([z.object({ n: z.number() })]);

/** What the workers keep, as they last reported it, newest first. */
export async function searchQuarantine(search: QuarantineSearch): Promise<QuarantinePage> {
  const filters = await conditions(search);
  const cursor = readCursor(search.after);
  const behind = cursor ? Prisma.sql`("keptAt", id) < (${cursor.at}, ${cursor.id})` : Prisma.sql`TRUE`;
  const db = database();
  const [found, counted, total] = await Promise.all([
    db.$queryRaw`
      SELECT * FROM "QuarantineEntry" WHERE ${filters} AND ${behind}
      ORDER BY "keptAt" DESC, id DESC LIMIT ${pageSize + 1}`,
    db.$queryRaw`SELECT count(*)::int AS n FROM "QuarantineEntry" WHERE ${filters}`,
    db.$queryRaw`SELECT count(*)::int AS n FROM "QuarantineEntry" WHERE ${await atInterface(search.interface)}`,
  ]);
  const rows = z.array(rowSchema).parse(found);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return {
    rows: page,
    matching: countSchema.parse(counted)[0].n,
    total: countSchema.parse(total)[0].n,
    next: rows.length > pageSize && last !== undefined ? writeCursor({ at: last.keptAt, id: last.id }) : null,
  };
}

/** One entry by its id, which is unique over all workers; null: it is not (or no longer) there. */
export async function readEntry(id: string): Promise<QuarantineRow | null> {
  const row = await database().quarantineEntry.findFirst({ where: { id } });
  return row === null ? null : rowSchema.parse(row);
}

/** Something kept, and the worker that has it. */
export type Kept = { entry: QuarantineRow; worker: ControlTarget };

/** In the order of `refs`; null: it is not there, or its worker is not enrolled. */
export async function findKept(tx: Transaction, refs: readonly EntryRef[]): Promise<(Kept | null)[]> {
  const found = await tx.quarantineEntry.findMany({
    where: { OR: refs.map(({ workerId, id }) => ({ workerId, id })) },
    include: { worker: { select: { id: true, controlUrl: true, controlTokenSealed: true } } },
  });
  const byRef = new Map(
    found.map(({ worker, ...entry }) => [`${entry.workerId} ${entry.id}`, { entry: rowSchema.parse(entry), worker }]),
  );
  return refs.map(({ workerId, id }) => byRef.get(`${workerId} ${id}`) ?? null);
}

/** What a search finds, oldest first; at most `jobEntriesMax` and one more. */
export async function findAll(tx: Transaction, filter: QuarantineFilter): Promise<EntryRef[]> {
  const found = await tx.$queryRaw`
    SELECT "workerId", id FROM "QuarantineEntry" WHERE ${await conditions(filter, tx)} ORDER BY "keptAt", id LIMIT ${jobEntriesMax + 1}`;
  return z.array(z.object({ workerId: z.string(), id: z.string() })).parse(found);
}

/** Jobs under way, and those that ended within the hour, newest first. */
export async function recentJobs(now: Date): Promise<JobView[]> {
  return database().quarantineJob.findMany(recentJobsAt(now));
}

/** Ids of the jobs that are not done, oldest first. */
export async function unfinishedJobs(): Promise<string[]> {
  const jobs = await database().quarantineJob.findMany(unfinished);
  return jobs.map(({ id }) => id);
}

/** Messages that wait until a person approves them. */
export function waitingApprovals(): Promise<number> {
  return database().quarantineEntry.count({ where: { cause: "approval" satisfies QuarantineCause, state: "held" } });
}

async function conditions(filter: QuarantineFilter, db?: Transaction): Promise<Prisma.Sql> {
  const { text, cause, state, rule, sender, recipient, subject, file, digest } = filter;
  const all = [await atInterface(filter.interface, db)];
  if (cause) all.push(Prisma.sql`cause = ${cause}`);
  if (state) all.push(Prisma.sql`state = ${state}`);
  if (rule) all.push(Prisma.sql`("ruleId" = ${rule} OR ${contains(Prisma.sql`"ruleName"`, rule)})`);
  if (sender) all.push(contains(Prisma.sql`concat_ws(' ', sender, "from")`, sender));
  if (recipient) all.push(contains(Prisma.sql`concat_ws(' ', array_to_string(recipients, ' '), "user")`, recipient));
  if (subject) all.push(contains(Prisma.sql`subject`, subject));
  if (file) all.push(contains(Prisma.sql`"fileName"`, file));
  if (digest) all.push(Prisma.sql`starts_with(sha256, lower(${digest}))`);
  if (text) all.push(contains(Prisma.sql`concat_ws(' ', id, "messageId", "from", subject, "fileName")`, text));
  return Prisma.join(all, " AND ");
}
