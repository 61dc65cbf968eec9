import { z } from "zod";
import { verdictSchema } from "#core/contract/decision.ts";
import { database } from "#lib/db.ts";
import { type RevisionView, readRevision } from "./queries.ts";

const rulesMax = 200;

const hitsSchema = z.object({ ruleId: z.string().nullable(), ruleName: z.string().nullable(), messages: z.number() });
const verdictsSchema = z.object({ verdict: verdictSchema, messages: z.number() });

export type RevisionReport = {
  revision: RevisionView;
  /** When the next one was published; null: it is the newest. */
  until: { number: number; at: string } | null;
  /** What people and the product did with it, from the audit log: who published, kept, widened it or took it back. */
  acts: { at: string; actor: string; summary: string }[];
  /** What it judged, by verdict and by the rule that decided (null: none did), the most first. */
  verdicts: z.infer<typeof verdictsSchema>[];
  rules: z.infer<typeof hitsSchema>[];
};

/** Everything that is known of a revision; null when there is none. */
export async function readRevisionReport(number: number): Promise<RevisionReport | null> {
  const revision = await readRevision(number);
  if (revision === null) return null;
  const [next, acts, verdicts, rules] = await Promise.all([
    database().revision.findFirst({
      where: { number: { gt: number } },
      orderBy: { number: "asc" },
      select: { number: true, publishedAt: true },
    }),
    database().auditEntry.findMany({
      where: { object: `revision r${number}` },
      orderBy: { sequence: "asc" },
      select: { at: true, actor: true, summary: true },
    }),
    database().$queryRaw`
      SELECT verdict, count(*)::int AS messages FROM "MailEvent"
      WHERE revision = ${number} AND at >= ${new Date(revision.publishedAt)} AND kind IN ('message', 'session')
        AND verdict IS NOT NULL
      GROUP BY verdict ORDER BY messages DESC, verdict`,
    database().$queryRaw`
      SELECT "ruleId", max("ruleName") AS "ruleName", count(*)::int AS messages FROM "MailEvent"
      WHERE revision = ${number} AND at >= ${new Date(revision.publishedAt)} AND kind IN ('message', 'session')
      GROUP BY "ruleId" ORDER BY messages DESC, "ruleId" LIMIT ${rulesMax}`,
  ]);
  return {
    revision,
    until: next === null ? null : { number: next.number, at: next.publishedAt.toISOString() },
    acts: acts.map(({ at, actor, summary }) => ({ at: at.toISOString(), actor, summary })),
    verdicts: z.array(verdictsSchema).parse(verdicts),
    rules: z.array(hitsSchema).parse(rules),
  };
}
