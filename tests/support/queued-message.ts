import type { SegmentSpool } from "#worker/spool/segment-spool.ts";
import type { SpoolEnvelope } from "#worker/spool/spool.ts";
import { idMaker } from "#worker/state/message-id.ts";

const newId = idMaker(Date.now);

export function envelopeOf(change: Partial<SpoolEnvelope> = {}): SpoolEnvelope {
  return {
    id: newId(),
    receivedAt: Date.now(),
    interface: "External",
    policy: "In",
    route: "inside",
    revision: 3,
    sender: "ann@example.org",
    mailParameters: ["BODY=8BITMIME"],
    recipients: [{ address: "bob@example.test", parameters: ["NOTIFY=NEVER"] }],
    ...change,
  };
}

/** Accepts one message as a session does; resolves with its id once it is durable. */
export function queueMessage(
  spool: SegmentSpool,
  message: string,
  change: Partial<SpoolEnvelope> = {},
): Promise<string> {
  const envelope = envelopeOf(change);
  const writer = spool.begin(envelope);
  writer.write(Buffer.from(message));
  return new Promise((resolve, reject) => {
    writer.commit("A subject", (error) => (error === null ? resolve(envelope.id) : reject(error)));
  });
}
