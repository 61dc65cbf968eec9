import type { Pop3ProxyAction } from "#core/contract/policy-document.ts";
import type { GoverningPolicy } from "../services.ts";

/** The proxy action that governs a POP3 session. */
export function pop3Definition({ policy }: GoverningPolicy): Pop3ProxyAction {
  const { definition } = policy.action;
  if (definition.protocol !== "pop3") throw new Error("a POP3 session with another protocol's action");
  return definition;
}
