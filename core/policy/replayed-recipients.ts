import type { Action } from "#core/contract/action.ts";
import { stopsMessage, verdictOf } from "#core/contract/decision.ts";
import type { Facts } from "#core/contract/facts.ts";
import type { JudgedStep } from "#core/contract/judged-facts.ts";
import type { CompiledProxyAction } from "./compile.ts";
import type { StageDecision } from "./decide.ts";
import { endsSession, type PolicyPair } from "./policy-pair.ts";

type Deciding = Pick<StageDecision, "action" | "rule">;
type Recipient = { facts: Facts; became: JudgedStep["recipient"]; told: Deciding; isRefused: boolean };

/** The recipients of a message that is judged again: who gets it now, and with whom. */
export class ReplayedRecipients {
  /** The session ended with one of them, and would not now: nobody knows who else was to get the message. */
  sessionEnded = false;
  readonly #pair: PolicyPair;
  readonly #at: number;
  readonly #hasUnasked: boolean;
  readonly #all: Recipient[] = [];
  /** To how many addresses it goes by now, at most. */
  #outgoing = 0;
  /** Rules wrote other addresses: those that were judged are not the ones that were named. */
  #readdressed = false;
  #differ = false;

  /** `hasUnasked`: others were refused before rules were asked about them. */
  constructor(pair: PolicyPair, at: number, hasUnasked: boolean) {
    this.#pair = pair;
    this.#at = at;
    this.#hasUnasked = hasUnasked;
  }

  add({ facts, recipient }: JudgedStep, told: Deciding): void {
    const isRefused = stopsMessage(verdictOf(told.action.kind));
    this.#all.push({ facts, became: recipient, told, isRefused });
    if (!isRefused) this.#outgoing += addressesOf(told.action);
  }

  /** The one who comes next may be one too many now, about whom the worker would not even ask. */
  get mayBeFull(): boolean {
    const { before, max } = this.#limits;
    const mayBeMore = max < before || this.#differ || this.#all.some(isReturning);
    return mayBeMore && this.#outgoing >= max;
  }

  /** A rule for the sender sends a copy to somebody. */
  noteCopy(): void {
    this.#outgoing++;
  }

  /** `isSame`: both policies write the same addresses. */
  noteReaddressing(isSame: boolean): void {
    this.#readdressed = true;
    if (!isSame) this.#differ = true;
  }

  /**
   * `known`: what was known of a copy of the message when its content came. Gives what is known now, or the refusal of everyone. "unsaid": all who
   * had it are refused now, and another, who did not have it, may have it in their place.
   */
  met(known: Facts): { refusal: Deciding } | { facts: Facts; isUnsure: boolean } | "unsaid" {
    if (this.#hasUnasked && this.#hasMoreRoom) return "unsaid";
    const taken = this.#all.filter(({ became }) => became === "taken");
    const staying = taken.filter(({ isRefused }) => !isRefused);
    const returning = this.#all.some(isReturning);
    const refusal = this.#all.find(({ isRefused }) => isRefused)?.told;
    const isAlone = this.#all.every(({ became, isRefused }) => became === "taken" || isRefused);
    if (refusal !== undefined && staying.length === 0 && !returning) return isAlone ? { refusal } : "unsaid";
    // Who could not go with the others may be able to now.
    const others = this.#all.filter(({ became, isRefused }) => became !== "refused" && !isRefused);
    const isUnsure =
      returning ||
      this.#differ ||
      (this.#hasMoreRoom && others.some(({ became }) => became !== "taken")) ||
      (others.length > 1 && !this.#areTogether(others));
    if (staying.length === taken.length) return { facts: {}, isUnsure };
    const gone = new Set(taken.filter(({ isRefused }) => isRefused).flatMap(({ facts }) => facts.recipient ?? []));
    const recipient = (known.recipient ?? []).filter((address) => !gone.has(address));
    // Only of these recipients was there a copy.
    if (refusal !== undefined && recipient.length === 0 && !this.#readdressed) return isAlone ? { refusal } : "unsaid";
    const left = new Set(recipient);
    const domains = staying.flatMap(({ facts }) => (isAmong(facts, left) ? (facts.recipientDomain ?? []) : []));
    return {
      facts: { recipient, recipientDomain: [...new Set(domains)], recipientCount: recipient.length },
      isUnsure: isUnsure || this.#readdressed || recipient.length + gone.size !== known.recipientCount,
    };
  }

  /** Of a message whose content was never asked for. `wasRefused`: by a rule. */
  end(wasRefused: boolean): Deciding | "allowed" | "unsaid" {
    const refusal = this.#all.find(({ isRefused }) => isRefused)?.told ?? null;
    const last = this.#all.at(-1);
    if (refusal !== null && last?.isRefused && endsSession(last.told.action)) return refusal;
    if (this.sessionEnded || (this.#hasUnasked && this.#hasMoreRoom)) return "unsaid";
    const isAsBefore = this.#all.every(({ became, isRefused }) => isRefused === (became === "refused"));
    if (isAsBefore && !wasRefused) return "allowed";
    if (refusal === null) return "unsaid";
    return isAsBefore || this.#all.every(({ isRefused }) => isRefused) ? refusal : "unsaid";
  }

  /** How many recipients a message may have, then and now. */
  get #limits(): { before: number; max: number } {
    return { before: recipientsMax(this.#pair.before), max: recipientsMax(this.#pair.now) };
  }

  /** Others may get it than before, who stood back for a limit or for those that are refused now. */
  get #hasMoreRoom(): boolean {
    const { before, max } = this.#limits;
    return max > before || this.#differ || this.#all.some(({ became, isRefused }) => became !== "refused" && isRefused);
  }

  /** Whether both policies bring the same recipients together in one copy. */
  #areTogether(recipients: readonly Recipient[]): boolean {
    const { before, now, sameWays, sameContent } = this.#pair;
    if (!sameWays) return false;
    if (sameContent) return true;
    if (this.#readdressed || recipients.some(({ became }) => became !== "taken")) return false;
    return groups(before, recipients, this.#at) === groups(now, recipients, this.#at);
  }
}

function recipientsMax({ definition }: CompiledProxyAction): number {
  return definition.protocol === "smtp" ? definition.limits.recipientsMax : Number.POSITIVE_INFINITY;
}

function isReturning({ became, isRefused }: Recipient): boolean {
  return became === "refused" && !isRefused;
}

/** To how many addresses a recipient leads at most. */
function addressesOf(action: Action): number {
  if (action.kind === "copy") return 2;
  if (action.kind !== "rewrite") return 1;
  return Math.max(1, ...Object.values(action.aliases ?? {}).map((aliases) => aliases.length));
}

/** Who goes with whom, as text to compare. */
function groups({ envelope }: CompiledProxyAction, recipients: readonly Recipient[], at: number): string {
  const treatments = recipients.map(({ facts: { recipient = [], recipientDomain = [] } }) =>
    envelope?.treatmentOf({ recipient, recipientDomain }, at),
  );
  return treatments.map((treatment) => treatments.indexOf(treatment)).join(" ");
}

function isAmong({ recipient = [] }: Facts, addresses: ReadonlySet<string>): boolean {
  return recipient.some((address) => addresses.has(address));
}
