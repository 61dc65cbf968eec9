import { eventSchema } from "#core/contract/event.ts";
import type { SimulationInput } from "#core/contract/simulation-input.ts";
import { database } from "#lib/db.ts";
import { type KeptPlace, keptPlace } from "./kept-message.ts";

/** What the simulator's page offers. */
export type SimulatorChoices = {
  interfaces: string[];
  /** Newest first. */
  revisions: { number: number; comment: string }[];
  live: number | null;
};

const revisionsOfferedMax = 500;

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

/** The envelope of a past message as it was received, and where its content is kept. */
export type PastMessage = {
  id: string;
  subject: string | null;
  input: Omit<SimulationInput, "at">;
  kept: KeptPlace | null;
};

/** A past SMTP message to try again; null when there is none of this id. */
export async function pastMessage(id: string): Promise<PastMessage | null> {
  const row = await database().mailEvent.findUnique({ where: { id } });
  const event = eventSchema.safeParse(row?.detail);
  if (!event.success || event.data.kind !== "message" || event.data.protocol !== "smtp") return null;
  const { envelopeChanges = [], client, helo, tls, auth, sender, recipients, interface: name, subject } = event.data;
  const originally = (what: "sender" | "recipient", address: string) =>
    envelopeChanges.findLast((change) => change.what === what && change.to === address)?.from ?? address;
  return {
    id,
    subject,
    input: {
      interface: name,
      port: null,
      client: client.address,
      helo: helo ?? "",
      tls: (tls?.client ?? null) !== null,
      user: auth?.user ?? null,
      sender: originally("sender", sender ?? ""),
      recipients: [...new Set(recipients.map(({ address }) => originally("recipient", address)))],
    },
    kept: await keptPlace(id),
  };
}
