import type { QuarantineEntry } from "#core/contract/quarantine.ts";
import { sourceOfBytes, streamOf } from "#worker/quarantine/content-stream.ts";
import type { FileQuarantine } from "#worker/quarantine/file-quarantine.ts";
import type { ContentSource, KeepRequest } from "#worker/quarantine/quarantine.ts";
import { idMaker } from "#worker/state/message-id.ts";
import { envelopeOf } from "./queued-message.ts";

const newId = idMaker(Date.now);

/** An SMTP message for two, kept because of its spam. */
export function keepRequest(change: Partial<KeepRequest> = {}): KeepRequest {
  const id = change.id ?? newId();
  const recipients = ["bob@example.test", "carol@example.test"];
  return {
    id,
    messageId: id,
    kind: "message",
    cause: "spam",
    malware: [],
    ruleId: "rule-1",
    ruleName: "Spam",
    revision: 3,
    protocol: "smtp",
    direction: "incoming",
    interface: "External",
    policy: "In",
    route: "inside",
    clientAddress: "192.0.2.7",
    sender: "ann@example.org",
    recipients,
    user: null,
    from: "Ann <ann@example.org>",
    subject: "A subject",
    fileName: null,
    contentType: null,
    days: null,
    envelope: envelopeOf({ id, recipients: recipients.map((address) => ({ address, parameters: [] })) }),
    ...change,
  };
}

/** A POP3 message in a mailbox of `user`. */
export function mailboxRequest(user: string, change: Partial<KeepRequest> = {}): KeepRequest {
  return keepRequest({ protocol: "pop3", sender: null, recipients: [], user, envelope: null, ...change });
}

/** Keeps text or bytes as a session does; resolves with the entry once it is durable. */
export function keep(
  quarantine: FileQuarantine,
  content: string | Uint8Array | ContentSource,
  change: Partial<KeepRequest> | KeepRequest = {},
): Promise<QuarantineEntry> {
  const source =
    typeof content === "string" || content instanceof Uint8Array ? sourceOfBytes(Buffer.from(content)) : content;
  return new Promise((resolve, reject) => {
    quarantine.keep(keepRequest(change), source, (error, entry) =>
      entry === null ? reject(error ?? new Error("nothing was kept")) : resolve(entry),
    );
  });
}

/** The whole content of an entry. */
export async function contentOf(quarantine: FileQuarantine, id: string): Promise<Buffer> {
  const content = quarantine.content(id);
  if (content === null) throw new Error(`${id} is not in quarantine`);
  return await readAll(content);
}

export async function readAll(content: ContentSource): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of streamOf(content) as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}
