import { readDnsbl } from "#core/contract/dnsbl.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Faults } from "../report/faults.ts";
import type { DnsblFinding } from "./dnsbl-check.ts";

/** Keeps the faults in step with the DNS lists of the policy in force: one that gives no answer to believe is a fault until it gives one. */
export class DnsblFaults {
  readonly #faults: Faults;
  #zones: ReadonlySet<string> = new Set();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** The policy in force is another one: what is known of lists that it does not ask is forgotten. */
  apply({ proxyActions }: PolicyDocument): void {
    const zones = new Set(
      proxyActions.flatMap((action) =>
        action.protocol === "smtp" ? action.settings.senderAuth.dnsbls.map((list) => readDnsbl(list).zone) : [],
      ),
    );
    for (const zone of this.#zones) if (!zones.has(zone)) this.#faults.clear(keyOf(zone));
    this.#zones = zones;
  }

  /** The lists were asked about a client. Sessions may still ask those of a policy from before. */
  asked(zones: Iterable<string>, faults: DnsblFinding["faults"]): void {
    const reasons = new Map(faults.map(({ zone, reason }) => [zone, reason]));
    for (const zone of zones) {
      if (!this.#zones.has(zone)) continue;
      const reason = reasons.get(zone);
      if (reason === undefined) this.#faults.clear(keyOf(zone));
      else this.#faults.set(keyOf(zone), wordsOf(zone, reason));
    }
  }
}

function keyOf(zone: string): string {
  return `dns list ${zone}`;
}

function wordsOf(zone: string, reason: string): string {
  return `The DNS list ${zone} counts for nothing: ${reason}; see whether the list still exists and serves this worker's name servers, or remove it from the policy`;
}
