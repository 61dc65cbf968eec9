import type { SmtpRoute } from "#core/contract/policy-document.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import type { RecipientFacts } from "#core/policy/compile-envelope.ts";
import { tlsDemandOf, tlsRank, underTlsDemand } from "#core/policy/tls-demand.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { EnvelopeRecipient } from "../upstream/smtp-transaction.ts";
import type { CheckFailure } from "./envelope-checks.ts";
import { recipientFacts, senderFacts } from "./envelope-facts.ts";
import { type AskedRecipient, Leg, type LegPlace } from "./leg.ts";
import type { MessageRecord } from "./message-record.ts";
import type { TransactionOptions } from "./transaction-options.ts";

/** Ways and treatments of one message; a recipient that would need one more hears 452 4.5.3. */
export const treatmentsPerMessageMax = 16;

/** A recipient as it goes out: the way, and what the content rules make of it that they need not make of another. */
export type Outgoing = AskedRecipient & { leg: Leg; treatment: string };

/** Who gets the same message in the same conversation. `asked`: how many of them the leg was asked for, the copies after them were not. */
export type Group = { leg: Leg; recipients: EnvelopeRecipient[]; asked: number; judgedAs: Mailbox[] };

/** Who gets a message, and on which ways: each address once. */
export class Envelope {
  #sender: Mailbox | null;
  #senderDomains: readonly string[];
  readonly #options: TransactionOptions;
  readonly #record: MessageRecord;
  readonly #taken = new Map<string, Outgoing>();
  /** By address, which recipients' messages it is a copy of, by their treatment; null: of everyone's. */
  readonly #copies = new Map<string, { mailbox: Mailbox; treatments: Set<string | null> }>();
  /** Those that were asked: the ones with recipients, and the last. */
  readonly #legs = new Map<string, Leg>();
  readonly #groupKeys = new Set<string>();
  #first: Outgoing | null = null;

  constructor(options: TransactionOptions, record: MessageRecord) {
    this.#options = options;
    this.#record = record;
    this.#sender = options.sender;
    this.#senderDomains = senderFacts(options.sender).senderDomain;
  }

  /** As it goes out; null: the null path. */
  get sender(): Mailbox | null {
    return this.#sender;
  }

  set sender(sender: Mailbox) {
    this.#sender = sender;
    this.#senderDomains = senderFacts(sender).senderDomain;
  }

  /** Addresses that go out. */
  get size(): number {
    return this.#taken.size + this.#copies.size;
  }

  /** Finds the way of each mailbox that is not a recipient yet. */
  plan(mailboxes: readonly Mailbox[], parameters: readonly string[]): Outgoing[] {
    const planned = new Map<string, Outgoing>();
    for (const mailbox of mailboxes) {
      const key = addressKey(mailbox);
      if (this.#taken.has(key) || planned.has(key)) continue;
      const facts = recipientFacts([mailbox]);
      planned.set(key, {
        address: mailbox.address,
        parameters,
        mailbox,
        leg: this.#legTo(mailbox, facts.recipientDomain, planned.values()),
        treatment: this.#treatmentOf(facts),
      });
    }
    return [...planned.values()];
  }

  /** Why these cannot go with those that were taken before, or null. What one RCPT becomes is never told to come again for its own sake. */
  refusal(planned: readonly Outgoing[], copy: Mailbox | null): CheckFailure | null {
    const { limits, settings } = this.#options.definition;
    const isNew = copy !== null && !this.#taken.has(addressKey(copy)) && !this.#copies.has(addressKey(copy));
    if (this.size + planned.length + (isNew ? 1 : 0) > limits.recipientsMax) {
      return deferred("recipientsMax"); // RFC 5321 §4.5.3.1.10
    }
    const strange = planned.find((outgoing) => !this.#groupKeys.has(groupKey(outgoing)));
    if (strange === undefined || this.raised(planned).length > 0) return null;
    // Of a client that logged in at the server nothing can go through the spool: nobody could log in as it later.
    const splits = settings.recipientsDiffer === "split" && this.#options.bound === null;
    if (this.#first !== null && !splits) {
      return deferred(`recipientsDiffer: ${differenceWords(strange, this.#first)}`);
    }
    const groups = new Set([...this.#groupKeys, ...planned.map(groupKey)]);
    return groups.size > treatmentsPerMessageMax ? deferred("treatmentsPerMessageMax") : null;
  }

  /**
   * strictest: these need stricter TLS than those that were taken, which then go on their way too. Gives the latter as they are to be
   * asked again; empty: nothing changes for them.
   */
  raised(planned: readonly Outgoing[]): Outgoing[] {
    const { settings } = this.#options.definition;
    const [next] = planned;
    const first = this.#first;
    if (settings.recipientsDiffer !== "strictest" || next === undefined || first === null) return [];
    // A login has one connection: nobody can be asked again beside it.
    const isOneWay =
      this.#options.bound === null && this.#groupKeys.size === 1 && planned.every(({ leg }) => leg === next.leg);
    if (!isOneWay || !isStricter(next.leg.place, first.leg.place)) return [];
    return Array.from(this.#taken.values(), (outgoing) => ({ ...outgoing, leg: next.leg }));
  }

  /** Those of `raised` were taken on their new way: the old one is left. */
  raise(raised: readonly Outgoing[]): void {
    const [next] = raised;
    if (next === undefined) return;
    for (const [key, leg] of this.#legs) {
      if (leg === next.leg) continue;
      leg.abort();
      this.#legs.delete(key);
    }
    this.#groupKeys.clear();
    this.#first = null;
    this.add(raised);
  }

  /** The new way is left: not everyone was taken on it. */
  leave(legs: Iterable<Leg>): void {
    for (const leg of legs) {
      leg.abort();
      this.#legs.delete(leg.place.key);
    }
  }

  /** These are asked next: ways that lead nowhere yet make room. */
  engage(planned: readonly Outgoing[]): void {
    const wanted = new Set(planned.map(({ leg }) => leg));
    for (const [key, leg] of this.#legs) {
      if (leg.used || wanted.has(leg) || wanted.size === 0) continue;
      leg.abort();
      this.#legs.delete(key);
    }
    for (const leg of wanted) this.#legs.set(leg.place.key, leg);
  }

  add(planned: readonly Outgoing[]): void {
    for (const outgoing of planned) {
      this.#first ??= outgoing;
      this.#taken.set(addressKey(outgoing.mailbox), outgoing);
      this.#groupKeys.add(groupKey(outgoing));
    }
  }

  /** A copy of what recipients of this treatment get; null: of what everyone gets. */
  addCopy(mailbox: Mailbox, treatment: string | null): void {
    const key = addressKey(mailbox);
    const copy = this.#copies.get(key) ?? { mailbox, treatments: new Set() };
    copy.treatments.add(treatment);
    this.#copies.set(key, copy);
  }

  /** The servers of these took a recipient that the client heard a refusal for. */
  spoil(legs: Iterable<Leg>): void {
    const used = new Set([...this.#taken.values()].map(({ leg }) => leg));
    for (const leg of legs) leg.spoil(used.has(leg));
  }

  /** The recipients by way and treatment, the first one's first; copies go with whom they are for. */
  groups(): Group[] {
    const groups = new Map<string, Group>();
    const byTreatment = Map.groupBy(this.#taken.values(), ({ treatment }) => treatment);
    const groupOf = (leg: Leg, treatment: string): Group => {
      const key = groupKey({ leg, treatment });
      const known = groups.get(key);
      if (known !== undefined) return known;
      const judgedAs = (byTreatment.get(treatment) ?? []).map(({ mailbox }) => mailbox);
      const group = { leg, recipients: [], asked: 0, judgedAs };
      groups.set(key, group);
      return group;
    };
    for (const { address, parameters, leg, treatment } of this.#taken.values()) {
      const group = groupOf(leg, treatment);
      group.recipients.push({ address, parameters });
      group.asked++;
    }
    for (const [key, { mailbox, treatments }] of this.#copies) {
      if (this.#taken.has(key)) continue;
      const leg = this.#legTo(mailbox, recipientFacts([mailbox]).recipientDomain);
      for (const treatment of treatments.has(null) ? byTreatment.keys() : treatments) {
        // RFC 3461 §4.1: the sender did not ask for the copy and is not told of its fate.
        if (treatment !== null)
          groupOf(leg, treatment).recipients.push({ address: mailbox.address, parameters: ["NOTIFY=NEVER"] });
      }
    }
    return [...groups.values()];
  }

  /** The way of an address that a content rule names: by itself, through the spool. RFC 3461 §4.1: the sender hears nothing of its fate. */
  groupFor(mailbox: Mailbox): Group {
    const place = this.#placeOf(mailbox, recipientFacts([mailbox]).recipientDomain);
    const leg = new Leg(place, this.#options, this.#record, this.#sender?.address ?? "");
    const recipient = { address: mailbox.address, parameters: ["NOTIFY=NEVER"] };
    return { leg, recipients: [recipient], asked: 0, judgedAs: [mailbox] };
  }

  /** Leaves every conversation. May be called twice. */
  abort(): void {
    for (const leg of this.#legs.values()) leg.abort();
  }

  #legTo(mailbox: Mailbox, domains: readonly string[], planned: Iterable<Outgoing> = []): Leg {
    const place = this.#placeOf(mailbox, domains);
    const now = Array.from(planned, ({ leg }) => leg);
    const same = this.#legs.get(place.key) ?? now.find((leg) => leg.place.key === place.key);
    if (same !== undefined) return same;
    const known = [...now, ...[...this.#legs.values()].filter(({ used }) => used)];
    // strictest: the strictest TLS rule is everyone's.
    const strictest = this.#options.definition.settings.recipientsDiffer === "strictest";
    const stricter = known.find((leg) => leg.place.serverKey === place.serverKey && !isStricter(place, leg.place));
    if (strictest && stricter !== undefined) return stricter.join(place);
    return new Leg(place, this.#options, this.#record, this.#sender?.address ?? "");
  }

  #placeOf(mailbox: Mailbox, domains: readonly string[]): LegPlace {
    const { governing, bound, route: usual } = this.#options;
    const found = governing.policy.routeOf(domains);
    const route: SmtpRoute = found.protocol === "smtp" ? found : usual;
    const rule = governing.policy.action.envelope?.tlsRuleOf(this.#senderDomains, domains);
    const asked = tlsDemandOf(rule ?? null);
    // The connection on which the client logged in is the only one that takes its mail, and is as secure as it is.
    const isBound = bound?.serves(route) === true;
    const tls = isBound && (asked !== "required" || bound.tls !== null) ? null : asked;
    // By MX each domain has servers of its own (RFC 5321 §5.1).
    const domain = route.lookup === "mx" ? foldAscii(mailbox.domain) : "";
    const serverKey = `${route.name}\n${domain}`;
    return {
      key: `${serverKey}\n${tls ?? ""}`,
      serverKey,
      routeName: route.name,
      route: isBound ? route : underTlsDemand(route, tls),
      tls,
    };
  }

  #treatmentOf(facts: RecipientFacts): string {
    const { governing, definition, admission } = this.#options;
    if (definition.settings.recipientsDiffer === "strictest") return "";
    const { envelope } = governing.policy.action;
    return envelope?.treatmentOf(facts, admission.services.now()) ?? "";
  }
}

/** RFC 5321 §2.3.11: only the final server knows which local parts are one; case counts. */
function addressKey({ localPart, domain }: Mailbox): string {
  return `${localPart}@${foldAscii(domain)}`;
}

function groupKey({ leg, treatment }: Pick<Outgoing, "leg" | "treatment">): string {
  return `${leg.place.key}\n${treatment}`;
}

function isStricter(place: LegPlace, other: LegPlace): boolean {
  return place.serverKey === other.serverKey && tlsRank(place.route, place.tls) > tlsRank(other.route, other.tls);
}

function deferred(cause: string): CheckFailure {
  return { reply: replies.tooManyRecipients, cause };
}

function differenceWords({ leg }: Outgoing, first: Outgoing): string {
  const [own, other] = [leg.place, first.leg.place];
  if (own.key === other.key) return "the content rules treat it unlike the first recipient";
  if (own.routeName !== other.routeName) {
    return `it goes by route "${own.routeName}", the first recipient by "${other.routeName}"`;
  }
  if (own.tls !== other.tls)
    return `its TLS rule asks for ${own.tls ?? "as-route"}, the first one's for ${other.tls ?? "as-route"}`;
  return "its domain has other servers than the first recipient's";
}
