import type { PolicyDocument } from "#core/contract/policy-document.ts";

/** What an SMTP policy calls itself; `otherwise` where it is gone by now. */
export function policyHostName(document: PolicyDocument | undefined, policy: string, otherwise: string): string {
  const named = document?.policies.find(({ name }) => name === policy)?.proxyAction;
  const action = document?.proxyActions.find(({ name }) => name === named);
  return action?.protocol === "smtp" ? action.settings.hostName : otherwise;
}
