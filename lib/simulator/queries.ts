import { z } from "zod";
import { type Verdict, verdictSchema } from "#core/contract/decision.ts";
import { eventSchema, type MessageEvent } from "#core/contract/event.ts";
import { type GivenInput, givenInputSchema } from "#core/contract/simulation-input.ts";
import { database } from "#lib/db.ts";
import { contains, newestFirst } from "#lib/events/event-search.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { type KeptPlace, keptPlace } from "./kept-message.ts";
import type { PastSearch } from "./simulator-input.ts";

/** What the simulator's page offers. */
export type SimulatorChoices = {
  interfaces: string[];
  /** Newest first. */
  revisions: { number: number; comment: string }[];
  live: number | null;
};

const revisionsOfferedMax = 500;
const pastShownMax = 20;

export async function simulatorChoices(): Promise<SimulatorChoices> {
  const [interfaces, revisions] = await Promise.all([
    database().interface.findMany({ orderBy: { rank: "asc" }, select: { name: true } }),
    database().revision.findMany({
      orderBy: { number: "desc" },
      take: revisionsOfferedMax,
      select: { number: true, comment: true },
    }),
  ]);
  return { interfaces: interfaces.map(({ name }) => name), revisions, live: revisions[0]?.number ?? null };
}

/** The interfaces of the draft, those first from which policies with this proxy action come. */
export async function interfacesOf(proxyActionId: string): Promise<string[]> {
  const rows = await database().interface.findMany({
    orderBy: { rank: "asc" },
    select: { name: true, policiesFrom: { where: { proxyActionId, enabled: true }, select: { id: true }, take: 1 } },
  });
  const [used, others] = [
    rows.filter((row) => row.policiesFrom.length > 0),
    rows.filter((row) => row.policiesFrom.length === 0),
  ];
  return [...used, ...others].map(({ name }) => name);
}

/** What is known of a past message as it was received or fetched, and where its content is kept. */
export type PastMessage = {
  id: string;
  subject: string | null;
  input: GivenInput;
  kept: KeptPlace | null;
  /** Whether it is still known what it was judged by. */
  hasFacts: boolean;
};

/** A past message to try again; null when there is none of this id. */
export async function pastMessage(id: string): Promise<PastMessage | null> {
  const row = await database().mailEvent.findUnique({ where: { id } });
  const event = eventSchema.safeParse(row?.detail);
  if (!event.success || event.data.kind !== "message") return null;
  const input = event.data.protocol === "pop3" ? fetched(event.data) : received(event.data);
  const facts = await database().messageFacts.count({ where: { eventId: id } });
  return { id, subject: event.data.subject, input, kept: await keptPlace(id), hasFacts: facts > 0 };
}

/** How the client had logged in, and what else it asked, is not told of a message. */
function fetched({ client, user, interface: name }: MessageEvent): GivenInput {
  const known = { protocol: "pop3", interface: name, client: client.address };
  return givenInputSchema.safeParse({ ...known, user }).data ?? givenInputSchema.parse(known);
}

function received(event: MessageEvent): GivenInput {
  const { envelopeChanges = [], client, helo, tls, auth, sender, recipients, interface: name } = event;
  const originally = (what: "sender" | "recipient", address: string) =>
    envelopeChanges.findLast((change) => change.what === what && change.to === address)?.from ?? address;
  return {
    interface: name,
    port: null,
    client: client.address,
    helo: helo ?? "",
    tls: (tls?.client ?? null) !== null,
    user: auth?.user ?? null,
    sender: originally("sender", sender ?? ""),
    recipients: [...new Set(recipients.map(({ address }) => originally("recipient", address)))],
  };
}

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
    FROM "MailEvent" WHERE ${Prisma.join(all, " AND ")} ${newestFirst} LIMIT ${pastShownMax}`;
  return rowsSchema.parse(found).map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}
