import { z } from "zod";
import { type Verdict, verdictSchema } from "#core/contract/decision.ts";
import { database } from "#lib/db.ts";
import { contains, newestFirst } from "#lib/events/event-search.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { searchTextSchema } from "#lib/search.ts";

const shownMax = 20;

/** `text`: in the subject, the sender or the id; null: the newest. `protocol` null: either. */
export const pastSearchSchema = z.strictObject({
  text: searchTextSchema,
  protocol: z.enum(["smtp", "pop3"]).nullable(),
});
export type PastSearch = z.output<typeof pastSearchSchema>;

/** A message to choose from. */
export type PastChoice = {
  id: string;
  at: string;
  sender: string | null;
  subject: string | null;
  verdict: Verdict | null;
};

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    at: z.date(),
    sender: z.string().nullable(),
    subject: z.string().nullable(),
    verdict: verdictSchema.nullable(),
  }),
);

/** The newest messages, for somebody who looks for one to try again. */
export async function findPastMessages({ text, protocol }: PastSearch): Promise<PastChoice[]> {
  const all = [Prisma.sql`kind = 'message'`];
  if (protocol !== null) all.push(Prisma.sql`protocol = ${protocol}`);
  if (text !== null) {
    const columns = [Prisma.sql`subject`, Prisma.sql`sender`, Prisma.sql`id`];
    const any = columns.map((column) => contains(column, text));
    all.push(Prisma.sql`(${Prisma.join(any, " OR ")})`);
  }
  const found = await database().$queryRaw`
    SELECT id, at, coalesce(sender, detail->>'from') AS sender, subject, verdict
    FROM "MailEvent" WHERE ${Prisma.join(all, " AND ")} ${newestFirst} LIMIT ${shownMax}`;
  return rowsSchema.parse(found).map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}
