import type { QuarantineEntry } from "#core/contract/quarantine.ts";
import type { Spool, SpoolEnvelope, SpoolWriter } from "../spool/spool.ts";
import { streamOf } from "./content-stream.ts";
import { partMessage, partSubject } from "./part-message.ts";
import type { ContentSource, JudgeKept, KeptJudgement } from "./quarantine.ts";

export type ReleaseParts = {
  spool: Pick<Spool, "begin" | "entry" | "full">;
  judge: JudgeKept;
  /** What a policy calls itself. */
  hostNameOf(policy: string): string;
  newId(): string;
  now(): number;
};

export type Released = { entry: QuarantineEntry; envelope: SpoolEnvelope; content: ContentSource; malware: boolean };

/**
 * Puts a kept SMTP message, or a new one with the kept part, into the queue for the envelope's recipients, after another look. Resolves with
 * why it did not go, or null: then it is on disk. Rejects when that could not be found out, or the disk failed: nothing was queued.
 */
export async function releaseToQueue(released: Released, parts: ReleaseParts): Promise<string | null> {
  const { entry, envelope, content, malware } = released;
  const { spool, newId, now } = parts;
  const shortage = spool.full();
  if (shortage !== null) return shortage;
  const judgement = await judge(parts.judge, { entry, envelope, content, malware });
  if (!judgement.goes) return judgement.reason;
  if (entry.kind === "message") {
    // The first time under the message's own id, so that its trace goes on.
    const isFirst = entry.state === "held" && spool.entry(entry.messageId) === null;
    const id = isFirst ? entry.messageId : newId();
    await enqueue(spool.begin({ ...envelope, id, receivedAt: now() }), streamOf(judgement.content), entry.subject);
    return null;
  }
  const about = { entry, id: newId(), hostName: parts.hostNameOf(entry.policy), at: now() };
  // RFC 3834 §2: what a program sends answers no one. The part's own envelope parameters were of another message.
  const recipients = envelope.recipients.map(({ address }) => ({ address, parameters: [] }));
  const own = { ...envelope, id: about.id, receivedAt: about.at, sender: "", mailParameters: [], recipients };
  await enqueue(spool.begin(own), partMessage(about, judgement.content), partSubject(entry));
  return null;
}

function judge(judgeKept: JudgeKept, { entry, envelope, content, malware }: Released): Promise<KeptJudgement> {
  return new Promise((resolve, reject) => {
    judgeKept({ entry, envelope, content, passOver: entry.ruleId, malware }, (error, judgement) => {
      if (judgement !== null) resolve(judgement);
      else reject(error ?? new Error("nothing was decided about it"));
    });
  });
}

async function enqueue(writer: SpoolWriter, pieces: AsyncIterable<Uint8Array>, subject: string | null): Promise<void> {
  try {
    for await (const piece of pieces) {
      if (writer.write(piece)) continue;
      await new Promise<void>((resolve) => {
        writer.onDrain = resolve;
      });
    }
  } catch (error) {
    writer.abort();
    throw error;
  }
  await new Promise<void>((resolve, reject) => {
    writer.commit(subject, (error) => (error === null ? resolve() : reject(error)));
  });
}
