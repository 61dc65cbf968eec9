import { arc } from "mailauth/lib/arc/index.js";
import { DkimVerifier, type SignatureHeader, type SignatureResult } from "mailauth/lib/dkim/dkim-verifier.js";
import { headerRows } from "./header-rows.ts";
import { withCheapKeys } from "./key-cost.ts";
import { mailauthResolver } from "./mailauth-resolver.ts";
import { type Author, readAuthor } from "./message-author.ts";
import { MessageSplitter } from "./message-splitter.ts";
import { RelaxedBodyHash } from "./relaxed-body-hash.ts";
import type { SenderLookups } from "./sender-dns.ts";
import { shownName } from "./shown-name.ts";

/** DKIM signatures of one message that are checked, from the top; the others are told as `policy`. */
export const signaturesCheckedMax = 10;
/** Signatures of one message that are told at all. */
export const signaturesToldMax = 20;
/** One signature, and the names in its h=; a larger one is told as `policy`. */
export const signatureBytesMax = 16_384;
export const signedNamesMax = 300;

/** Of From and Return-Path together, which are read in time that grows with their square. With more nothing in the header is believed. */
export const addressFieldBytesMax = 16_384;

const dkimResults = ["pass", "fail", "neutral", "policy", "temperror", "permerror"] as const;
export type DkimResult = (typeof dkimResults)[number];
/** `aligned`: of the same organizational domain as the author, by the public suffix list. */
export type SignatureFinding = { result: DkimResult; domain: string; selector: string; aligned: boolean };
export type ArcFinding = { result: "none" | "pass" | "fail"; chain: number; sealer: string | null };
export type SignatureFindings = { dkim: SignatureFinding[]; arc: ArcFinding; author: Author | null };

type Options = { lookups: SenderLookups; now: number };

/**
 * Checks DKIM (RFC 6376, 8301, 8463) and ARC (RFC 8617) signatures of a message while it passes: nothing of its body is held but a line.
 * Keys are asked for as soon as the header is there.
 */
export class SignatureCheck {
  readonly #resolver: MailauthResolver;
  readonly #verifier: DkimVerifier;
  readonly #splitter: MessageSplitter;
  #fromValues: string[] = [];
  #unchecked: SignatureFinding[] = [];
  /** Nothing is believed: the header is too large, or the library failed at it. */
  #isLost = false;
  #hasLongLine = false;

  constructor({ lookups, now }: Options) {
    this.#resolver = withCheapKeys(mailauthResolver(lookups));
    this.#verifier = new DkimVerifier({ resolver: this.#resolver, curTime: new Date(now), strict: true });
    this.#splitter = new MessageSplitter({
      header: (bytes) => this.#header(bytes),
      body: (lines) => this.#body(lines),
      longLine: () => {
        this.#hasLongLine = true;
      },
    });
  }

  /** The next bytes of the message, dots undone, any cut; they are not kept. */
  write(bytes: Uint8Array): void {
    this.#splitter.write(bytes);
  }

  /** The message is complete. Never rejects. */
  async end(): Promise<SignatureFindings> {
    this.#splitter.end();
    if (this.#isLost) return lost;
    const author = readAuthor(this.#verifier.headerFrom, this.#fromValues);
    try {
      if (this.#hasLongLine) return this.#withoutBody(author);
      await this.#verifier.finalChunk();
      const { i, status } = await arc(this.#verifier.arc, { resolver: this.#resolver, strict: true });
      const checked = this.#verifier.results.filter(({ signingDomain }) => signingDomain !== undefined);
      const dkim = [...checked.map((result) => finding(result, author)), ...this.#unchecked];
      return { dkim: dkim.slice(0, signaturesToldMax), arc: { ...this.#chain(i), result: arcResult(status) }, author };
    } catch {
      return { ...lost, author };
    }
  }

  #header(bytes: Buffer): void {
    const rows = headerRows(bytes);
    if (rows === null || addressFieldBytes(rows) > addressFieldBytesMax) {
      this.#isLost = true;
      return;
    }
    this.#fromValues = rows.parsed.flatMap(({ key, line }) => (key === "from" ? [valueOf(line)] : []));
    void this.#verifier.messageHeaders(rows).catch(() => {
      this.#isLost = true;
    });
    this.#choose();
    this.#askForKeys();
  }

  #body(lines: Uint8Array): void {
    if (this.#isLost) return;
    for (const hash of this.#verifier.bodyHashes.values()) hash.update(lines);
  }

  /** Each signature may cost a hash of the whole body, and each name in it a look at every field. */
  #choose(): void {
    const all = this.#verifier.signatureHeaders;
    const checked = all
      .filter(({ type }) => type === "DKIM")
      .filter(isSmall)
      .slice(0, signaturesCheckedMax);
    const seals = all.filter((signature) => signature.type === "ARC" && isSmall(signature));
    this.#unchecked = all
      .filter((signature) => signature.type === "DKIM" && !checked.includes(signature))
      .map(({ signingDomain, selector }) => ({
        result: "policy",
        domain: shownName(signingDomain),
        selector: shownName(selector),
        aligned: false,
      }));
    this.#verifier.signatureHeaders = [...checked, ...seals];
    for (const seal of seals) this.#readOldSeal(seal);
    this.#chooseHashes();
  }

  /** Those that are needed, and our own of the relaxed form. */
  #chooseHashes(): void {
    const { bodyHashes, signatureHeaders } = this.#verifier;
    const needed = new Set(signatureHeaders.flatMap((one) => [one.bodyHashKey, one.fallbackBodyHashKey]));
    for (const key of bodyHashes.keys()) {
      const [, bytesMax] = /^relaxed:sha256:(\d*)$/.exec(key) ?? [];
      if (!needed.has(key)) bodyHashes.delete(key);
      else if (bytesMax !== undefined)
        bodyHashes.set(key, new RelaxedBodyHash(bytesMax === "" ? null : Number(bytesMax)));
    }
  }

  /** Drafts of RFC 8617 took relaxed/relaxed where c= is absent, and so do the published suite and many sealers: tried as well. */
  #readOldSeal(seal: SignatureHeader): void {
    if (seal.parsed?.c !== undefined || seal.bodyHashKey === undefined) return;
    seal.fallbackCanonicalization = "relaxed/relaxed";
    seal.fallbackBodyHashKey = this.#verifier.addBodyHash("relaxed", seal.hashAlgo, seal.maxBodyLength);
  }

  #askForKeys(): void {
    for (const { skip, invalid, selector, signingDomain } of this.#verifier.signatureHeaders) {
      if (skip !== undefined || invalid !== undefined) continue;
      this.#resolver(`${selector}._domainkey.${signingDomain}`, "TXT").catch(() => undefined);
    }
  }

  #chain(i: number | false): { chain: number; sealer: string | null } {
    const sealer = this.#verifier.arc.lastEntry?.["arc-seal"]?.parsed?.d?.value;
    return { chain: i === false ? 0 : i, sealer: typeof sealer === "string" ? shownName(sealer) : null };
  }

  /** The body could not be hashed. */
  #withoutBody(author: Author | null): SignatureFindings {
    const dkim = this.#verifier.signatureHeaders.flatMap(({ type, signingDomain, selector }): SignatureFinding[] =>
      type === "DKIM"
        ? [{ result: "policy", domain: shownName(signingDomain), selector: shownName(selector), aligned: false }]
        : [],
    );
    const { chain, error } = this.#verifier.arc;
    const isSealed = chain !== false || error !== undefined;
    const all = [...dkim, ...this.#unchecked].slice(0, signaturesToldMax);
    return { dkim: all, arc: { result: isSealed ? "fail" : "none", chain: 0, sealer: null }, author };
  }
}

const lost: SignatureFindings = { dkim: [], arc: { result: "fail", chain: 0, sealer: null }, author: null };

function addressFieldBytes({ parsed }: MailauthHeaders): number {
  const fields = parsed.filter(({ key }) => key === "from" || key === "return-path");
  return fields.reduce((sum, { line }) => sum + line.length, 0);
}

function isSmall({ original, parsed }: SignatureHeader): boolean {
  const names = typeof parsed?.h?.value === "string" ? parsed.h.value : "";
  return original.length <= signatureBytesMax && names.split(":").length <= signedNamesMax;
}

function finding(
  { signingDomain = "", selector = "", status }: SignatureResult,
  author: Author | null,
): SignatureFinding {
  const known = dkimResults.find((result) => result === status.result) ?? "permerror";
  // RFC 6376 §8.2: what l= leaves out, anybody may have put there.
  const result = known === "pass" && (status.underSized ?? 0) > 0 ? "policy" : known;
  const isAligned = author !== null && typeof status.aligned === "string";
  return { result, domain: shownName(signingDomain), selector: shownName(selector), aligned: isAligned };
}

function arcResult({ result }: MailauthStatus): ArcFinding["result"] {
  return result === "pass" || result === "none" ? result : "fail";
}

function valueOf(line: Buffer): string {
  return line.toString("latin1", line.indexOf(58) + 1);
}
