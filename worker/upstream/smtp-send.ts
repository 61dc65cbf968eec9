import { isAscii } from "node:buffer";
import type { Readable } from "node:stream";
import { DotEncoder } from "#core/bytes/dot-encoder.ts";
import type { SmtpRoute } from "#core/contract/policy-document.ts";
import { type Reply, replyText } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { shortLived } from "../net/short-lived.ts";
import type { SmtpPool } from "./smtp-pool.ts";
import { domainOf, type EnvelopeRecipient, SmtpTransaction } from "./smtp-transaction.ts";
import type { UpstreamError, UpstreamErrorKind } from "./upstream-error.ts";

export type SendEnvelope = {
  sender: string;
  mailParameters: string[];
  recipients: readonly EnvelopeRecipient[];
  bytes: number;
};

/** What the owner of the message has to do with its way out. */
export type SendWatch = {
  /** Calls `send` when the final dot may go; what it gives is called once, when the answer is there or not waited for any more. */
  end(send: () => void): () => void;
  /** A server has just said that it has the message, for the recipients at these places of the envelope. */
  taken(at: readonly number[]): void;
};

const unwatched: SendWatch = {
  end(send) {
    send();
    return () => undefined;
  },
  taken: () => undefined,
};

/** Recipients that are asked at once. */
const recipientsPerGroup = 100;
/** Domains of one message that are sent to at once. */
const domainsAtOnceMax = 5;

/** What stood in the way. reply: the server's `answer`. unreadable: we cannot read the message. no-route: the policy does not name its route. */
export type SendFailure = { kind: UpstreamErrorKind | "reply" | "unreadable" | "no-route"; answer: Reply | null };

/**
 * deferred: try again. failed: never. `reply`: the server's words, or ours about it. `tellsMore`: it reports what becomes of it (RFC 3461 §5.2.7).
 * `failure`: null where it was delivered.
 */
export type RecipientResult = {
  address: string;
  status: "delivered" | "deferred" | "failed";
  reply: string;
  tellsMore: boolean;
  failure: SendFailure | null;
};
export type SendResult = { upstream: string | null; recipients: RecipientResult[] };

/**
 * Sends one message that we hold and tells each recipient's fate, in the envelope's order. By MX each domain's recipients go in a
 * transaction of their own, some at once; those that a server wants apart (452 4.5.3) in further ones. Never rejects: where no answer
 * came, also to the final dot, the recipients are deferred (RFC 5321 §4.5.4.1). `openMessage` is called once at most for each
 * transaction, and its streams are always destroyed.
 */
export async function sendMessage(
  pool: SmtpPool,
  route: SmtpRoute,
  envelope: SendEnvelope,
  openMessage: () => Readable,
  watch: SendWatch = unwatched,
): Promise<SendResult> {
  const recipients: RecipientResult[] = [];
  let upstream: string | null = null;
  const placed = envelope.recipients.map((recipient, at) => ({ ...recipient, at }));
  const groups = (route.lookup === "mx" ? [...byDomain(placed).values()] : [placed]).values();
  const sendGroup = async (group: readonly Placed[]): Promise<Placed[]> => {
    const sent = await sendOnce(pool, route, { ...envelope, recipients: group }, openMessage, watch);
    upstream ??= sent.upstream;
    const later: Placed[] = [];
    for (const [index, recipient] of group.entries()) {
      const answered = sent.recipients[index];
      if (answered === undefined) continue;
      const { isForLater, ...result } = answered;
      recipients[recipient.at] = result;
      if (isForLater) later.push(recipient);
    }
    return later;
  };
  const sendGroups = async (): Promise<void> => {
    for (const group of groups) {
      let left = group;
      for (let before = Number.POSITIVE_INFINITY; left.length > 0 && left.length < before; ) {
        before = left.length;
        left = await sendGroup(left);
      }
    }
  };
  await Promise.all(Array.from({ length: domainsAtOnceMax }, sendGroups));
  return { upstream, recipients };
}

type Placed = EnvelopeRecipient & { at: number };

function byDomain(recipients: readonly Placed[]): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const recipient of recipients) {
    const domain = domainOf(recipient.address);
    const group = groups.get(domain) ?? [];
    group.push(recipient);
    groups.set(domain, group);
  }
  return groups;
}

async function sendOnce(
  pool: SmtpPool,
  route: SmtpRoute,
  envelope: Omit<SendEnvelope, "recipients"> & { recipients: readonly Placed[] },
  openMessage: () => Readable,
  watch: SendWatch,
): Promise<{ upstream: string | null; recipients: Answered[] }> {
  const { sender, mailParameters, bytes } = envelope;
  const transaction = new SmtpTransaction(pool, route, { sender, parameters: mailParameters, size: bytes });
  const recipients: Answered[] = [];
  for (let at = 0; at < envelope.recipients.length; at += recipientsPerGroup) {
    const group = envelope.recipients.slice(at, at + recipientsPerGroup);
    recipients.push(...(await Promise.all(group.map((recipient) => askRecipient(transaction, recipient)))));
  }
  const taken = recipients.filter(({ status }) => status === "delivered");
  if (taken.length > 0) {
    const at = envelope.recipients.flatMap((recipient, n) =>
      recipients[n]?.status === "delivered" ? recipient.at : [],
    );
    const outcome = await sendBody(transaction, openMessage, { ...watch, taken: () => watch.taken(at) });
    for (const recipient of taken) Object.assign(recipient, outcome);
  }
  transaction.abort();
  return { upstream: transaction.target, recipients };
}

type Outcome = Pick<RecipientResult, "status" | "reply" | "failure">;
/** `isForLater`: it belongs in another transaction (RFC 5321 §4.5.3.1.10). */
type Answered = RecipientResult & { isForLater: boolean };

/** `delivered` stands for "taken" until the body is answered. */
function askRecipient(transaction: SmtpTransaction, recipient: EnvelopeRecipient): Promise<Answered> {
  return new Promise((resolve) => {
    transaction.recipient(recipient, (error, reply) => {
      const isForLater = reply?.code === 452 && reply.enhanced === "4.5.3";
      const tellsMore = transaction.capabilities?.dsn === true;
      resolve({ address: recipient.address, ...outcomeOf(error, reply), tellsMore, isForLater });
    });
  });
}

function outcomeOf(error: UpstreamError | null, reply: Reply | null): Outcome {
  if (reply !== null) {
    // Only a 2xx says that it was taken; what is neither a yes nor a no is tried again.
    const status = reply.code < 300 ? "delivered" : reply.code < 500 ? "deferred" : "failed";
    const failure = status === "delivered" ? null : { kind: "reply" as const, answer: reply };
    return { status, reply: replyText(reply), failure };
  }
  if (error === null) return { status: "deferred", reply: "no answer", failure: { kind: "lost", answer: null } };
  const said = `${error.target}: ${error.message}`;
  const failure = { kind: error.kind, answer: error.answer };
  // A greeting of 554 may be about today; who takes no mail at all says so (RFC 7504 §3).
  if (error.kind !== "no-mail") return { status: "deferred", reply: said, failure };
  return { status: "failed", reply: `${replyText(error.publicReply)} (${said})`, failure };
}

type BodyWatch = Pick<SendWatch, "end"> & { taken(): void };

function sendBody(transaction: SmtpTransaction, openMessage: () => Readable, watch: BodyWatch): Promise<Outcome> {
  return new Promise((resolve) => {
    transaction.data((error, reply) => {
      if (reply?.code === 354) streamBody(transaction, openMessage(), watch, resolve);
      else resolve(outcomeOf(error, reply));
    });
  });
}

/** Streams the message in, with backpressure, and settles exactly once. */
function streamBody(
  transaction: SmtpTransaction,
  message: Readable,
  watch: BodyWatch,
  resolve: (outcome: Outcome) => void,
): void {
  const eightBitTaken = transaction.capabilities?.eightBitMime === true;
  let flowing = true;
  let ended = () => undefined as void;
  const encoder = new DotEncoder((slice) => {
    flowing = transaction.write(slice) && flowing;
  });
  const settle = (outcome: Outcome) => {
    message.destroy();
    transaction.abort();
    ended();
    resolve(outcome);
  };
  // An answer in the middle of the body stands when it refuses; a lost connection defers.
  transaction.onLost = shortLived((error) => {
    const answer = error.answer !== null && error.answer.code >= 400 ? error.answer : null;
    settle(outcomeOf(error, answer));
  });
  transaction.onDrain = shortLived(() => {
    flowing = true;
    message.resume();
  });
  message.on("error", (error) => {
    const reply = `the queued message cannot be read: ${error.message}`;
    settle({ status: "deferred", reply, failure: { kind: "unreadable", answer: null } });
  });
  message.on("data", (chunk: Buffer) => {
    if (!eightBitTaken && !isAscii(chunk)) {
      // RFC 6152 §3: 8-bit content must not go to a server that does not offer 8BITMIME.
      settle(outcomeOf(null, replies.eightBitNotTaken));
      return;
    }
    encoder.write(chunk);
    if (!flowing) message.pause();
  });
  message.on("end", () => {
    encoder.endText();
    ended = watch.end(() =>
      transaction.end((error, reply) => {
        const outcome = outcomeOf(error, reply);
        // First of all: until it is noted, a kill would repeat the message.
        if (outcome.status === "delivered") watch.taken();
        settle(outcome);
      }),
    );
  });
}
