import type { SignedBundle } from "#core/contract/bundle.ts";
import type { BundleAnswer } from "#core/contract/control-api.ts";
import type { PolicyDocument, Problem } from "#core/contract/policy-document.ts";
import { type CompiledPolicy, compilePolicy } from "#core/policy/compile.ts";
import type { Listeners } from "../net/listeners.ts";
import type { Faults } from "../report/faults.ts";
import type { PolicyStore } from "./policy-store.ts";
import { type BundleRefusal, type PinnedKey, verifyBundle } from "./verify-bundle.ts";

export const policyFault = "policy";

export type PolicyInForce = { policy: CompiledPolicy; revision: number; digest: string | null };

export type ApplyResult = { ok: true; answer: BundleAnswer } | { ok: false; refusal: BundleRefusal };

export type GovernorOptions = {
  listeners: Listeners;
  store: PolicyStore;
  workerId: string;
  pinned: PinnedKey | null;
  /** What a policy names and this worker does not have: a new one is refused for it, the one from before goes on. */
  missing?(policy: CompiledPolicy): Problem[];
  /** Told of a policy right before sessions see it. */
  applied?(policy: CompiledPolicy): void;
  /** Holds the fault `policyFault` while no policy is in force. */
  faults: Faults;
  now(): number;
};

/** Holds the policy in force and is the only one to change it, one change after the other. */
export class Governor {
  readonly #options: GovernorOptions;
  #inForce: PolicyInForce | null = null;
  /** The newest bundle ever taken, also when it could not be put in force again: nothing older is accepted. */
  #newest: { revision: number; digest: string } | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: GovernorOptions) {
    this.#options = options;
  }

  get inForce(): PolicyInForce | null {
    return this.#inForce;
  }

  /** Takes a pushed bundle: all of it is checked, bound and stored, or nothing changes and every reason is told. */
  push(bundle: SignedBundle): Promise<ApplyResult> {
    return this.#inTurn(() => this.#push(bundle));
  }

  /** Puts the stored bundle in force again, however old it is. */
  restore(bundle: SignedBundle): Promise<ApplyResult> {
    return this.#inTurn(async () => {
      const verified = this.#verify(bundle);
      if (!verified.ok) return verified;
      const { revision, digest, document } = verified.payload;
      // A push may have been quicker.
      if (this.#newest !== null && this.#inForce !== null)
        return { ok: true, answer: { revision, digest, changed: false } };
      this.#newest ??= { revision, digest };
      const problems = await this.#apply(document, revision, digest, null);
      return problems.length > 0 ? invalid(problems) : { ok: true, answer: { revision, digest, changed: true } };
    });
  }

  /** Puts a document from a file in force, as revision 0; returns what is wrong with it. */
  useFile(document: PolicyDocument): Promise<Problem[]> {
    return this.#inTurn(async () => {
      const problems = this.#check(document);
      return problems.length > 0 ? problems : this.#apply(document, 0, null, null);
    });
  }

  async #push(bundle: SignedBundle): Promise<ApplyResult> {
    const verified = this.#verify(bundle);
    if (!verified.ok) return verified;
    const { revision, digest, document, expiresAt } = verified.payload;
    const newest = this.#newest;
    const isNewest = revision === newest?.revision && digest === newest.digest;
    if (isNewest && this.#inForce !== null) {
      return { ok: true, answer: { revision, digest, changed: false } };
    }
    const problems = this.#check(document);
    const reasons: BundleRefusal[] = [];
    if (newest !== null && revision <= newest.revision && !isNewest) {
      const message = `revision ${revision} does not come after revision ${newest.revision}, which was taken before`;
      reasons.push({ code: "stale-revision", message, problems: [] });
    }
    if (Date.parse(expiresAt) <= this.#options.now()) {
      reasons.push({ code: "expired", message: `the bundle expired at ${expiresAt}`, problems: [] });
    }
    if (problems.length > 0) reasons.push({ code: "invalid-policy", message: problemCount(problems), problems: [] });
    const [first] = reasons;
    if (first !== undefined) {
      const message = reasons.map((reason) => reason.message).join("; ");
      return { ok: false, refusal: { code: first.code, message, problems } };
    }
    const bindProblems = await this.#apply(document, revision, digest, bundle);
    if (bindProblems.length > 0) return invalid(bindProblems);
    this.#newest = { revision, digest };
    return { ok: true, answer: { revision, digest, changed: true } };
  }

  /** What stands against a new policy. */
  #check(document: PolicyDocument): Problem[] {
    const compiled = compilePolicy(document);
    return compiled.ok ? (this.#options.missing?.(compiled.policy) ?? []) : compiled.problems;
  }

  #verify(bundle: SignedBundle): ReturnType<typeof verifyBundle> {
    const { pinned, workerId } = this.#options;
    if (pinned !== null) return verifyBundle(bundle, pinned, workerId);
    const message = "no policy-signing key is pinned: name control.publicKeyFile";
    return { ok: false, refusal: { code: "bad-signature", message, problems: [] } };
  }

  /** Compile, bind, store, swap: in this order, so that a failure of any leaves the policy before in force. */
  async #apply(
    document: PolicyDocument,
    revision: number,
    digest: string | null,
    bundle: SignedBundle | null,
  ): Promise<Problem[]> {
    const compiled = compilePolicy(document);
    if (!compiled.ok) return compiled.problems;
    const stage = await this.#options.listeners.stage(compiled.policy);
    if (!stage.ok) return stage.problems;
    try {
      if (bundle !== null) await this.#options.store.save(bundle);
    } catch (error) {
      await stage.staged.rollback();
      throw error;
    }
    this.#options.applied?.(compiled.policy);
    stage.staged.commit(revision);
    this.#inForce = { policy: compiled.policy, revision, digest };
    this.#options.faults.clear(policyFault);
    return [];
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#last.then(change);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function problemCount(problems: readonly Problem[]): string {
  return problems.length === 1 ? "the policy has a problem" : `the policy has ${problems.length} problems`;
}

function invalid(problems: Problem[]): { ok: false; refusal: BundleRefusal } {
  return { ok: false, refusal: { code: "invalid-policy", message: problemCount(problems), problems } };
}
