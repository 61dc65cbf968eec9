import type { RuleLook } from "#core/contract/simulation.ts";
import type { ToldStep } from "#core/policy/tell.ts";

/** How a rule that was looked at again, by what is kept of a message, stands among rules that were tried. */
export function toldLook(step: ToldStep): RuleLook {
  return { ...step, evidence: step.evidence ?? [], reached: true, expired: false };
}
