import type { CompiledProxyAction } from "#core/policy/compile.ts";
import type { ContentServices } from "../scan/message-content.ts";
import { senderQuestions } from "../scan/sender-facts.ts";
import { SenderCheck } from "../sender-auth/sender-check.ts";

/** What the DNS may take for the signatures of one message, in milliseconds. */
const timeLimitMs = 10_000;

/** The signatures of a message in a mailbox, where rules ask about them: who brought it there is not known. */
export function mailboxSenderCheck(
  { needs }: CompiledProxyAction,
  { content, now }: ContentServices,
): SenderCheck | null {
  if (!needs.senderAuth) return null;
  const asks = senderQuestions(needs, null);
  const nobody = { sender: null, isTrusted: false, ownDomains: [], dnsbls: [], dnsblFaults: content.dnsblFaults };
  return new SenderCheck({ asks, ...nobody, timeLimitMs }, { dns: content.senderDns, now });
}
