import { type Found, foundPerKindMax, foundSchema } from "#core/contract/found.ts";
import { database } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";

const wordsMax = 8;

/** Objects of the draft that have names, with what tells them apart. */
const named: readonly { kind: Found["kind"]; table: Prisma.Sql; detail: Prisma.Sql }[] = [
  {
    kind: "rule",
    table: Prisma.sql`"Rule"`,
    detail: Prisma.sql`(SELECT name FROM "ProxyAction" WHERE id = "proxyActionId") || ', ' || ruleset`,
  },
  { kind: "policy", table: Prisma.sql`"Policy"`, detail: Prisma.sql`upper(protocol)` },
  { kind: "list", table: Prisma.sql`"List"`, detail: Prisma.sql`kind` },
  { kind: "proxy action", table: Prisma.sql`"ProxyAction"`, detail: Prisma.sql`upper(protocol) || ' ' || direction` },
  { kind: "interface", table: Prisma.sql`"Interface"`, detail: Prisma.sql`zone` },
  { kind: "route", table: Prisma.sql`"Route"`, detail: Prisma.sql`upper(protocol)` },
];

/**
 * What has every word of the text in its name, the best of each kind first; messages and connections by their whole id or Message-ID, a
 * revision by its number (`41` or `r41`).
 */
export async function findObjects(text: string): Promise<Found[]> {
  const found = await Promise.all([findNamed(text), findEvents(text), findRevision(text)]);
  return found.flat();
}

async function findNamed(text: string): Promise<Found[]> {
  const words = text.toLowerCase().split(/\s+/).slice(0, wordsMax);
  // strpos, not LIKE: what people type has no wildcards in it.
  const holdsAll = Prisma.join(
    words.map((word) => Prisma.sql`strpos(lower(name), ${word}) > 0`),
    " AND ",
  );
  const each = named.map(
    ({ kind, table, detail }) => Prisma.sql`
      (SELECT ${kind} AS kind, id::text, name, ${detail} AS detail FROM ${table} WHERE ${holdsAll}
       ORDER BY strpos(lower(name), ${words[0] ?? ""}), lower(name), id LIMIT ${foundPerKindMax})`,
  );
  return foundSchema.array().parse(await database().$queryRaw(Prisma.join(each, " UNION ALL ")));
}

/** A Message-ID is found with its angle brackets and without. */
async function findEvents(text: string): Promise<Found[]> {
  const rows = await database().mailEvent.findMany({
    where: {
      kind: { in: ["message", "session", "connection"] },
      OR: [{ id: text }, { messageIdHeader: { in: [text, `<${text}>`] } }],
    },
    take: foundPerKindMax,
    orderBy: [{ at: "desc" }, { id: "desc" }],
    select: { id: true, kind: true, subject: true, sender: true, recipients: true, clientAddress: true },
  });
  return rows.map(({ id, kind, subject, sender, recipients, clientAddress }) =>
    kind === "connection"
      ? { kind, id, name: `From ${clientAddress ?? "an unknown address"}`, detail: id }
      : {
          kind: "message",
          id,
          name: subject ?? "No subject",
          detail: `${sender ?? clientAddress ?? ""} → ${recipients.slice(0, 1).join("")}`,
        },
  );
}

async function findRevision(text: string): Promise<Found[]> {
  const [, number] = /^r?(\d{1,9})$/i.exec(text) ?? [];
  if (number === undefined) return [];
  const row = await database().revision.findUnique({
    where: { number: Number(number) },
    select: { number: true, comment: true, authorName: true },
  });
  if (row === null) return [];
  return [{ kind: "revision", id: String(row.number), name: `r${row.number}`, detail: row.comment || row.authorName }];
}
