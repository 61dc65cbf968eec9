import type { Logger } from "pino";
import type { SignedBundle } from "#core/contract/bundle.ts";
import type { Faults } from "../report/faults.ts";
import { type Governor, policyFault } from "./governor.ts";
import type { PolicyStore } from "./policy-store.ts";
import { PolicyFileError, readPolicyFile } from "./read-policy-file.ts";

const retryMs = 2_000;

export type PolicyStartOptions = {
  governor: Governor;
  store: PolicyStore;
  policyFile: string | null;
  /** Whether a console can push a policy later. */
  hasControl: boolean;
  faults: Faults;
  log: Logger;
};

/**
 * Finds the policy to start with: the last good bundle; only where there never was one, the policy file. With a bundle that cannot be
 * used the worker serves nothing and says so, since the file may allow more than what was published.
 */
export class PolicyStart {
  readonly #options: PolicyStartOptions;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: PolicyStartOptions) {
    this.#options = options;
  }

  /** Rejects when a policy file is needed and cannot be used. */
  async run(): Promise<void> {
    const { store, hasControl, faults, log } = this.#options;
    const stored = hasControl ? store.load() : null;
    if (stored === null) return this.#useFile();
    if (!(stored instanceof Error)) return this.#restore(stored);
    faults.set(policyFault, `${stored.message}: nothing is served until a policy is published again`);
    log.error({ reason: stored.message }, "the stored policy cannot be read");
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #useFile(): Promise<void> {
    const { policyFile, governor, faults } = this.#options;
    if (policyFile === null) {
      faults.set(policyFault, "There is no policy yet: nothing is served until one is published");
      return;
    }
    const problems = await governor.useFile(readPolicyFile(policyFile));
    if (problems.length > 0) throw new PolicyFileError(policyFile, problems);
  }

  /** A taken port may become free: tried again until it works or a push brought a policy. */
  async #restore(bundle: SignedBundle): Promise<void> {
    const { governor, faults, log } = this.#options;
    const result = governor.inForce === null ? await governor.restore(bundle) : { ok: true as const };
    if (result.ok) return;
    const { message, problems } = result.refusal;
    const reasons = problems.length === 0 ? message : problems.map((problem) => problem.message).join("; ");
    faults.set(policyFault, `The stored policy cannot be put in force: ${reasons}`);
    log.error({ reasons }, "the stored policy cannot be put in force");
    if (this.#stopped || !problems.some(({ code }) => code === "listener")) return;
    this.#timer = setTimeout(() => void this.#restore(bundle), retryMs);
  }
}
