/** The parts of mailauth 7 that are used, most of which come without types of their own. */

type MailauthResolver = (name: string, type: string) => Promise<readonly unknown[]>;
type MailauthRow = { key: string; casedKey: string; line: Buffer };
type MailauthHeaders = { parsed: MailauthRow[]; original: Buffer };
type MailauthStatus = {
  result: string;
  comment?: string | false;
  aligned?: string | false;
  /** Bytes of the body that the signature leaves out (l=). */
  underSized?: number;
};
type MailauthTags = { parsed?: Record<string, { value?: unknown }> };

declare module "mailauth/lib/spf/index.js" {
  export function spf(options: {
    sender: string;
    ip: string;
    helo: string;
    mta: string;
    resolver: MailauthResolver;
    strict: true;
  }): Promise<{ domain: string; status: MailauthStatus; explanation?: string }>;
}

declare module "mailauth/lib/dkim/body/index.js" {
  export interface BodyHash {
    /** Octets in their canonical form, and how many of them l= lets be hashed. */
    readonly canonicalizedLength: number;
    readonly bodyHashedBytes: number;
    update(lines: Uint8Array): void;
    digest(encoding: "base64"): string;
    /** Where the first part begins: not looked at. */
    getMimeStructureStart(): number;
  }
  export function dkimBody(canonicalization: "relaxed", algorithm: "sha256", bytesMax: number | false): BodyHash;
}

declare module "mailauth/lib/dkim/dkim-verifier.js" {
  import type { ArcData } from "mailauth/lib/arc/index.js";
  import type { BodyHash } from "mailauth/lib/dkim/body/index.js";

  export type SignatureHeader = MailauthTags & {
    type: "DKIM" | "ARC";
    original: Buffer;
    /** Why it is not looked at any further. */
    skip?: string;
    invalid?: string;
    signingDomain: string;
    selector: string;
    hashAlgo: string;
    maxBodyLength: number | "";
    bodyHashKey?: string;
    fallbackCanonicalization?: string;
    fallbackBodyHashKey?: string;
  };
  export type SignatureResult = { id?: string; signingDomain?: string; selector?: string; status: MailauthStatus };
  export class DkimVerifier {
    constructor(options: { resolver: MailauthResolver; curTime: Date; strict: true });
    /** RFC 5322 From: the addresses as they stand in it, and how many such fields there are. */
    readonly headerFrom: readonly string[];
    readonly fromFields: number;
    readonly results: readonly SignatureResult[];
    signatureHeaders: SignatureHeader[];
    readonly bodyHashes: Map<string, BodyHash>;
    readonly arc: ArcData;
    addBodyHash(canonicalization: string, algorithm: string, bytesMax: number | ""): string;
    /** Runs to its end before it returns; rejects with what went wrong in it. */
    messageHeaders(headers: MailauthHeaders): Promise<void>;
    finalChunk(): Promise<void>;
  }
}

declare module "mailauth/lib/dkim/dkim-signer.js" {
  export class DkimSigner {
    constructor(options: {
      headers: MailauthHeaders;
      bodyHash: string;
      signTime: Date;
      headerList: readonly string[];
      signatureData: { signingDomain: string; selector: string; privateKey: string; algorithm: string }[];
      strict: true;
    });
    readonly signatureHeaders: readonly string[];
    readonly errors: readonly { err: Error }[];
    finalize(): Promise<void>;
  }
}

declare module "mailauth/lib/arc/index.js" {
  export type ArcSet = { i: number; "arc-seal"?: MailauthTags };
  export type ArcData = { chain: ArcSet[] | false; lastEntry?: ArcSet; error?: Error };
  export function arc(
    data: ArcData,
    options: { resolver: MailauthResolver; strict: true },
  ): Promise<{ i: number | false; status: MailauthStatus }>;
  /** Throws where the fields make no chain. */
  export function getARChain(headers: MailauthHeaders, options: { strict: true }): ArcSet[] | false;
  export function createSeal(
    input: false,
    data: {
      headers: MailauthHeaders;
      arc: ArcData;
      seal: {
        signingDomain: string;
        selector: string;
        privateKey: string;
        algorithm: string;
        bodyHash: string;
        headerList: readonly string[];
        cv: "none" | "pass" | "fail";
        authResults: string;
        signTime: Date;
      };
      strict: true;
    },
  ): Promise<{ headers: readonly string[]; errors: readonly { err: Error }[] }>;
}

declare module "mailauth/lib/dmarc/index.js" {
  export function evaluateDmarc(options: {
    headerFrom: readonly string[];
    fromFields: number;
    spfDomains: readonly string[];
    dkimDomains: readonly { domain: string }[];
    resolver: MailauthResolver;
    strict: true;
  }): Promise<{
    /** False: the message has no author whom a policy could be asked for. */
    response: false | { policy?: string; status: MailauthStatus & { header: { from: string } } };
    /** Domains of signatures that are aligned; absent where there is no policy. */
    dkimAligned?: ReadonlySet<string>;
  }>;
}

declare module "mailauth/lib/tools.js" {
  /** The first of the domains that has the same organizational domain by the public suffix list. */
  export function getAlignment(domain: string, others: readonly string[]): { domain: string } | false;
}
