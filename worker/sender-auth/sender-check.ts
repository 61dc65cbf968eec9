import type { Dnsbl } from "#core/contract/dnsbl.ts";
import { CheckLookups } from "./check-lookups.ts";
import { checkDmarc, type DmarcFinding } from "./dmarc-check.ts";
import type { DnsblFinding } from "./dnsbl-check.ts";
import type { DnsblFaults } from "./dnsbl-faults.ts";
import type { SenderDns } from "./sender-dns.ts";
import { checkSession, nothingOfSession, type SessionFindings, type SessionQuestion } from "./session-check.ts";
import { type ArcFinding, SignatureCheck, type SignatureFinding, type SignatureFindings } from "./signature-check.ts";
import type { SpfIdentity } from "./spf-check.ts";
import { isSpoofed } from "./spoofing.ts";

/** `dmarc` and `spoofed` look at SPF and the signatures, whether these are asked for or not. */
export type SenderQuestion = SessionQuestion | "dkim" | "dmarc" | "arc" | "spoofed";

export type SenderCheckOptions = {
  asks: ReadonlySet<SenderQuestion>;
  /** Who sends; null: nobody to be asked about, as where a mailbox is fetched by POP3. */
  sender: SpfIdentity | null;
  /** Logged in, or inside: it may use our domains. */
  isTrusted: boolean;
  /** With their subdomains. */
  ownDomains: readonly string[];
  dnsbls: readonly Dnsbl[];
  /** Told how the lists answered, where they were asked. */
  dnsblFaults: Pick<DnsblFaults, "asked">;
  /** What the DNS may take, in milliseconds: for the session, and again from the end of the message. */
  timeLimitMs: number;
};

/** What is known of a sender; plain data, null or empty where it was not asked. Without `dnsblScore` and `spoofed` it is a `SenderAuthResult`. */
export type SenderAuth = Omit<SessionFindings, "dnsbl"> & {
  dkim: SignatureFinding[];
  dmarc: DmarcFinding | null;
  arc: ArcFinding | null;
  dnsbls: DnsblFinding["listings"];
  dnsblScore: number;
  spoofed: boolean;
};

type Services = { dns: SenderDns; now(): number };

/**
 * The checks of one message's sender. What the session tells is looked up from the beginning, what the message says while it passes. What
 * the DNS has not told in time is `temperror`, never a pass.
 */
export class SenderCheck {
  readonly #options: SenderCheckOptions;
  readonly #early: CheckLookups;
  readonly #late: CheckLookups;
  readonly #session: Promise<SessionFindings>;
  readonly #signatures: SignatureCheck | null;
  #timer: NodeJS.Timeout;
  #isCancelled = false;

  constructor(options: SenderCheckOptions, { dns, now }: Services) {
    this.#options = options;
    this.#early = new CheckLookups(dns);
    this.#late = new CheckLookups(dns);
    const { asks, sender, dnsbls, timeLimitMs } = options;
    const needsProof = asks.has("dmarc") || (asks.has("spoofed") && !options.isTrusted);
    const earlyAsks = new Set(sessionQuestions.filter((one) => asks.has(one) || (one === "spf" && needsProof)));
    this.#session =
      sender === null ? Promise.resolve(nothingOfSession) : checkSession(this.#early, earlyAsks, sender, dnsbls);
    const needsSignatures = needsProof || asks.has("dkim") || asks.has("arc");
    this.#signatures = needsSignatures ? new SignatureCheck({ lookups: this.#late, now: now() }) : null;
    this.#timer = setTimeout(() => this.#early.stop("ETIMEOUT"), timeLimitMs);
    void this.#session.then(({ dnsbl }) => this.#sessionKnown(dnsbl));
  }

  /** The next bytes of the message, dots undone, any cut; they are not kept. */
  write(bytes: Uint8Array): void {
    this.#signatures?.write(bytes);
  }

  /**
   * The message is complete. `fromReadings`: every address that a mail reader may see in its From. `done` is called once and later, or
   * never after `cancel`.
   */
  end(fromReadings: readonly string[], done: (auth: SenderAuth) => void): void {
    const timer = setTimeout(() => this.#stop("ETIMEOUT"), this.#options.timeLimitMs);
    const give = (auth: SenderAuth): void => {
      clearTimeout(timer);
      if (!this.#isCancelled) done(auth);
    };
    void this.#conclude(fromReadings).then(give);
  }

  /** The message is not wanted any more: nothing is asked from now on. May be called at any time, and twice. */
  cancel(): void {
    this.#isCancelled = true;
    this.#stop("ECANCELLED");
  }

  /** What is not answered because the message is gone says nothing of the lists. */
  #sessionKnown({ faults }: DnsblFinding): void {
    clearTimeout(this.#timer);
    const { asks, sender, dnsbls, dnsblFaults } = this.#options;
    if (this.#isCancelled || sender === null || !asks.has("dnsbl")) return;
    dnsblFaults.asked(
      dnsbls.map(({ zone }) => zone),
      faults,
    );
  }

  #stop(code: "ETIMEOUT" | "ECANCELLED"): void {
    clearTimeout(this.#timer);
    this.#early.stop(code);
    this.#late.stop(code);
  }

  async #conclude(fromReadings: readonly string[]): Promise<SenderAuth> {
    const { asks, isTrusted, ownDomains } = this.#options;
    const [{ dnsbl, ...session }, signatures] = await Promise.all([this.#session, this.#signatures?.end() ?? unsigned]);
    const evidence = { spf: session.spf, dkim: signatures.dkim, author: signatures.author };
    const judged = asks.has("dmarc") ? await checkDmarc(this.#late, evidence) : null;
    const spoofed = asks.has("spoofed") && !isTrusted && isSpoofed(fromReadings, ownDomains, evidence);
    return {
      ...session,
      dkim: alignedAs(signatures.dkim, judged?.aligned ?? null),
      dmarc: judged?.dmarc ?? null,
      arc: asks.has("arc") ? signatures.arc : null,
      dnsbls: dnsbl.listings,
      dnsblScore: dnsbl.score,
      spoofed,
    };
  }
}

const sessionQuestions: readonly SessionQuestion[] = ["spf", "reverseName", "helo", "dnsbl"];
const unsigned: SignatureFindings = { dkim: [], arc: { result: "none", chain: 0, sealer: null }, author: null };

/** The DNS knows better than the public suffix list what is aligned, and with a policy it was asked. */
function alignedAs(dkim: readonly SignatureFinding[], aligned: ReadonlySet<string> | null): SignatureFinding[] {
  return dkim.map((one) => {
    const isKnown = aligned !== null && one.result === "pass";
    return isKnown ? { ...one, aligned: aligned.has(one.domain.toLowerCase()) } : one;
  });
}
