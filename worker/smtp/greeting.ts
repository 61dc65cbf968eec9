import type { SmtpProxyAction } from "#core/contract/policy-document.ts";
import { decide } from "#core/policy/decide.ts";
import {
  ehloLines,
  noCapabilities,
  type Offer,
  offeredCapabilities,
  type SmtpCapabilities,
} from "#core/smtp/capabilities.ts";
import { reply } from "#core/smtp/reply.ts";
import type { Admission } from "../services.ts";
import { type Answer, answer, refusal } from "./answer.ts";
import { tlsFact } from "./envelope-facts.ts";
import { type Client, sessionEvent } from "./message-record.ts";

/** Decides about an EHLO or HELO. The answer of a refusal, or null: it may go on. */
export function judgeGreeting(admission: Admission, client: Client, name: string): Answer | null {
  const { services, governing } = admission;
  const decision = decide(
    governing.policy.action,
    "greeting",
    { clientAddress: client.address, helo: [name], tls: tlsFact(client) },
    services.now(),
  );
  if (decision.rule !== null) services.recorder.ruleHit(decision.rule.id, "enforced");
  for (const { ruleId } of decision.observed) services.recorder.ruleHit(ruleId, "observed");
  const id = services.newId();
  const refused = refusal(decision, id);
  if (refused === null) return null;
  const cause = "refused at its greeting";
  services.recorder.event(sessionEvent(admission, client, { id, decision, reply: refused.reply, cause }));
  return refused;
}

/** Gives what the route's server offers, or null when that is not known: it is asked only when nothing is known of it. May call back at once. */
export function upstreamOffer(admission: Admission, done: (upstream: SmtpCapabilities | null) => void): void {
  const { smtpPool } = admission.services;
  const { route } = admission.governing.policy;
  if (route.protocol !== "smtp") return done(null);
  const known = smtpPool.capabilities(route);
  // By MX there is no server to ask before a recipient is known.
  if (known !== null || route.delivery === "spool" || route.lookup === "mx") return done(known);
  smtpPool.lease(route, "", (_error, connection) => {
    if (connection !== null) smtpPool.release(connection);
    done(connection?.capabilities ?? null);
  });
}

export type Greeting = { answer: Answer; offered: SmtpCapabilities };

/** Our EHLO answer (RFC 5321 §4.1.1.1). `auth`: the mechanisms that may be offered now. */
export function ehloGreeting(
  { settings, limits }: SmtpProxyAction,
  upstream: SmtpCapabilities | null,
  { startTls, auth }: Pick<Offer, "startTls" | "auth">,
): Greeting {
  const offered = offeredCapabilities(upstream, {
    ...settings.esmtp,
    ...limits,
    chunking: false,
    limits: false,
    startTls,
    auth,
  });
  return { offered, answer: answer({ code: 250, enhanced: null, lines: ehloLines(settings.hostName, offered) }) };
}

/** Our HELO answer: nothing is offered. */
export function heloGreeting({ settings }: SmtpProxyAction): Greeting {
  return { offered: noCapabilities, answer: answer(reply(250, null, settings.hostName)) };
}
