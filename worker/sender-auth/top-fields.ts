import type { ContentReport } from "#core/contract/content-report.ts";
import type { SenderAuthSettings } from "#core/contract/content-settings.ts";
import type { SigningKey } from "#core/contract/signing-key.ts";
import type { HeaderField } from "#core/message/header-reader.ts";
import { authenticationResults, resultsPayload } from "./authentication-results.ts";
import { type BrokenSignature, brokenSignatures, type PlannedChanges } from "./broken-signatures.ts";
import { arcSeal, dkimSign, type MessagePieces, SigningFailure } from "./message-signing.ts";
import type { SenderAuth, SenderQuestion } from "./sender-check.ts";
import type { SigningKeyStore } from "./signing-key-store.ts";
import type { SpfIdentity } from "./spf-check.ts";

export type TopRequest = {
  settings: SenderAuthSettings;
  keys: Pick<SigningKeyStore, "active" | "signersOf">;
  /** Our name in the results line. */
  authservId: string;
  /** What was seen of the sender; null: nothing was asked. */
  seen: { auth: SenderAuth; asks: ReadonlySet<SenderQuestion>; sender: SpfIdentity | null } | null;
  /** The header as it came, and what is changed in it and below it. */
  fields: readonly HeaderField[];
  changes: PlannedChanges;
  /** Every address that a mail reader may see in From. */
  fromReadings: readonly string[];
  isOutgoing: boolean;
  /** The message as it will be sent, without what this gives. Each call reads it from its beginning. */
  message(): MessagePieces;
  now: number;
};

/** `bytes`: whole fields to stand before the message. `signatures`: for the event; null: no signature was broken. */
export type TopFields = { bytes: Buffer; signatures: ContentReport["signatures"] };

/**
 * What stands on top of a message that leaves us: our results line, a signature, a seal over what we saw. A key that is missing or fails
 * keeps no message back: it goes without, and the event says so.
 */
export async function topFields(request: TopRequest): Promise<TopFields> {
  const { settings, seen, authservId, fields, changes, isOutgoing } = request;
  const broken = brokenSignatures(fields, changes);
  const signs =
    (isOutgoing && settings.sign === "own-domains") || (broken.length > 0 && settings.onSignedModified === "sign");
  const signed = signs ? await signatures(request) : { fields: [], detail: "" };
  const seals = broken.length > 0 && settings.onSignedModified === "arc-seal";
  const sealed = seals ? await seal(request, signed.fields) : { fields: [], detail: "" };
  const results = settings.results === "add" && seen !== null ? authenticationResults(authservId, seen.auth, seen) : "";
  const bytes = Buffer.concat([...sealed.fields, Buffer.from(results, "latin1"), ...signed.fields]);
  return { bytes, signatures: broken.length === 0 ? null : reported(broken, signed, sealed) };
}

type Made = { fields: Buffer[]; detail: string };

/** By every active key of the From domain: readers take the algorithm that they know. */
async function signatures({ keys, fromReadings, message, now }: TopRequest): Promise<Made> {
  const domains = new Set(fromReadings.map((address) => address.slice(address.lastIndexOf("@") + 1).toLowerCase()));
  const [domain, another] = domains;
  if (domain === undefined || another !== undefined) return { fields: [], detail: "From is not of one domain" };
  const signers = keys.signersOf(domain);
  if (signers.length === 0) return { fields: [], detail: `there is no active signing key of ${domain}` };
  return make(signers, (key) => dkimSign(message(), key, now));
}

async function seal({ settings, keys, seen, authservId, message, now }: TopRequest, signed: Buffer[]): Promise<Made> {
  const key = settings.sealWith === undefined ? null : keys.active(settings.sealWith);
  if (key === null) return { fields: [], detail: `there is no active signing key "${settings.sealWith ?? ""}"` };
  if (seen?.auth.arc == null) return { fields: [], detail: "the sender was not checked" };
  const findings = { results: resultsPayload(authservId, seen.auth, seen), arc: seen.auth.arc.result };
  return make([key], () => arcSeal(after(signed, message()), key, findings, now));
}

async function make(keys: readonly SigningKey[], sign: (key: SigningKey) => Promise<Buffer>): Promise<Made> {
  const made: Made = { fields: [], detail: "" };
  const details: string[] = [];
  for (const key of keys) {
    try {
      made.fields.push(await sign(key));
      details.push(`with the key "${key.name}"`);
    } catch (error) {
      if (!(error instanceof SigningFailure)) throw error;
      details.push(`the key "${key.name}" made no signature: ${error.message}`);
    }
  }
  return { ...made, detail: details.join("; ") };
}

async function* after(first: readonly Buffer[], message: MessagePieces): AsyncIterable<Uint8Array> {
  yield* first;
  yield* message;
}

function reported(broken: readonly BrokenSignature[], signed: Made, sealed: Made): TopFields["signatures"] {
  const handled = sealed.fields.length > 0 ? "arc-sealed" : signed.fields.length > 0 ? "signed" : "left";
  const names = broken.map(({ kind, domain, selector, because }) => `${kind} ${domain} (${selector}): ${because}`);
  const details = [signed.detail, sealed.detail].filter((detail) => detail !== "");
  return { broken: names.slice(0, brokenToldMax), handled, detail: details.join("; ").slice(0, detailCharactersMax) };
}

const brokenToldMax = 20;
const detailCharactersMax = 1_000;
