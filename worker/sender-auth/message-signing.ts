import { type ArcSet, createSeal, getARChain } from "mailauth/lib/arc/index.js";
import { DkimSigner } from "mailauth/lib/dkim/dkim-signer.js";
import type { SigningKey } from "#core/contract/signing-key.ts";
import { headerRows } from "./header-rows.ts";
import { MessageSplitter } from "./message-splitter.ts";
import { RelaxedBodyHash } from "./relaxed-body-hash.ts";

/** Fields that a signature covers where they are there (RFC 6376 §5.4.1). From is always there, or nothing is signed. */
export const signedFieldNames: readonly string[] = [
  ...["From", "Sender", "Reply-To", "Subject", "Date", "Message-ID", "To", "Cc", "In-Reply-To", "References"],
  ...["MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-ID", "Content-Description"],
  ...["List-Id", "List-Help", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Subscribe", "List-Post"],
];

/** A message as it will be sent, in pieces. */
export type MessagePieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
type Signer = Pick<SigningKey, "domain" | "selector" | "algorithm" | "privateKey">;

/** What was seen of the message as it came, to be sealed: `results` without the name of a field, `arc` of its chain. */
export type SealedFindings = { results: string; arc: "none" | "pass" | "fail" };

/** Why there is no signature; without a secret. */
export class SigningFailure extends Error {}

/** A DKIM-Signature field, CRLF included, to stand before the message (RFC 6376, 8463). Rejects with SigningFailure. */
export async function dkimSign(message: MessagePieces, key: Signer, now: number): Promise<Buffer> {
  const { headers, bodyHash } = await measure(message);
  const signer = new DkimSigner({
    headers,
    bodyHash,
    signTime: new Date(now),
    headerList: signedFieldNames,
    signatureData: [{ ...identity(key), algorithm: algorithms[key.algorithm] }],
    strict: true,
  });
  await signer.finalize();
  return fieldBytes(signer.signatureHeaders, signer.errors);
}

/** The three fields of an ARC set, CRLFs included, to stand before the message (RFC 8617 §5.1). Rejects with SigningFailure. */
export async function arcSeal(
  message: MessagePieces,
  key: Signer,
  { results, arc }: SealedFindings,
  now: number,
): Promise<Buffer> {
  const { headers, bodyHash } = await measure(message);
  const sets = {
    chain: arc === "pass" ? chainOf(headers) : false,
  } as const;
  const { headers: fields, errors } = await createSeal(false, {
    headers,
    arc: sets,
    seal: {
      ...identity(key),
      algorithm: algorithms[key.algorithm],
      bodyHash,
      headerList: ["DKIM-Signature", ...signedFieldNames],
      cv: arc,
      authResults: results,
      signTime: new Date(now),
    },
    strict: true,
  });
  return fieldBytes(fields, errors);
}

const algorithms = { "rsa-2048": "rsa-sha256", ed25519: "ed25519-sha256" } as const;

function identity({ domain, selector, privateKey }: Signer) {
  return { signingDomain: domain, selector, privateKey };
}

function fieldBytes(fields: readonly string[], errors: readonly { err: Error }[]): Buffer {
  const [error] = errors;
  if (error !== undefined) throw new SigningFailure(error.err.message);
  if (fields.length === 0) throw new SigningFailure("no signature was made");
  return Buffer.from(fields.map((field) => `${field}\r\n`).join(""), "latin1");
}

/** RFC 8617 §5.1.1: a seal over a chain that passed signs all of it. */
function chainOf(headers: MailauthHeaders): ArcSet[] | false {
  try {
    return getARChain(headers, { strict: true });
  } catch (error) {
    throw new SigningFailure(error instanceof Error ? error.message : String(error));
  }
}

async function measure(message: MessagePieces): Promise<{ headers: MailauthHeaders; bodyHash: string }> {
  const hash = new RelaxedBodyHash(null);
  const found: { headers: MailauthHeaders | null; failure: string | null } = { headers: null, failure: null };
  const splitter = new MessageSplitter({
    header: (bytes) => {
      found.headers = headerRows(bytes);
    },
    body: (lines) => hash.update(lines),
    longLine: () => {
      found.failure = "a line of the message is too long to be signed";
    },
  });
  for await (const piece of message) splitter.write(piece);
  splitter.end();
  if (found.headers === null) throw new SigningFailure("the header is too large to be signed");
  if (found.failure !== null) throw new SigningFailure(found.failure);
  return { headers: found.headers, bodyHash: hash.digest("base64") };
}
