import type { SmtpProxyAction } from "#core/contract/policy-document.ts";
import { decide } from "#core/policy/decide.ts";
import { ehloLines, noCapabilities, offeredCapabilities, type SmtpCapabilities } from "#core/smtp/capabilities.ts";
import { reply } from "#core/smtp/reply.ts";
import { xclientNames } from "#core/smtp/xclient.ts";
import type { Admission } from "../services.ts";
import { type Answer, answer, refusal } from "./answer.ts";
import type { Conversation } from "./conversation.ts";
import { tlsFact } from "./envelope-facts.ts";
import { type Client, sessionEvent } from "./message-record.ts";
import { takesXclient } from "./session-xclient.ts";

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
function upstreamOffer(admission: Admission, done: (upstream: SmtpCapabilities | null) => void): void {
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

/** The mechanisms that may be offered now: what policy allows, where the route's server can be asked while the client waits, and is not logged in to by us. */
function offerableMechanisms(
  { governing }: Admission,
  { settings }: SmtpProxyAction,
  tls: { active: boolean; required: boolean },
): readonly string[] {
  const { route } = governing.policy;
  if (route.protocol !== "smtp" || route.delivery === "spool" || route.lookup === "mx") return [];
  if (route.credential !== undefined) return [];
  const inClear = settings.auth.beforeTls === "offered" && !tls.required;
  return tls.active || inClear ? settings.auth.mechanisms : [];
}

/** What EHLO and HELO leave of a session. */
export class SessionGreeting {
  readonly #session: Conversation;
  #offered = noCapabilities;
  #upstreamKnown = true;
  #esmtp = false;

  constructor(session: Conversation) {
    this.#session = session;
  }

  get offered(): SmtpCapabilities {
    return this.#offered;
  }

  /** Whether `offered` is what the server has; else it could not be asked. */
  get upstreamKnown(): boolean {
    return this.#upstreamKnown;
  }

  /** The last greeting was EHLO. */
  get esmtp(): boolean {
    return this.#esmtp;
  }

  /** Answers the command; `taken` is called before that when it is not refused: it resets like RSET (RFC 5321 §4.1.4). */
  hello(verb: "EHLO" | "HELO", name: string, taken: () => void): void {
    const { admission, machine, definition } = this.#session;
    const refused = judgeGreeting(admission, { ...this.#session.client, helo: name }, name);
    // The name that was refused is not the session's: the greeting before it, if any, still stands.
    if (refused !== null) return this.#session.answer(refused);
    this.#session.client = { ...this.#session.client, helo: name };
    taken();
    machine.succeed(verb);
    this.#esmtp = verb === "EHLO";
    if (verb === "EHLO") {
      return this.#session.wait<[SmtpCapabilities | null]>(
        (done) => upstreamOffer(admission, done),
        (upstream) => this.#offer(upstream),
      );
    }
    this.#keep(noCapabilities, true);
    this.#session.answer(answer(reply(250, null, definition.settings.hostName)));
  }

  /** RFC 5321 §4.1.1.1 */
  #offer(upstream: SmtpCapabilities | null): void {
    const { admission, definition, machine, client } = this.#session;
    const { settings, limits } = definition;
    const startTls = machine.offersTls;
    const required = admission.tls?.settings.mode === "required";
    const auth = offerableMechanisms(admission, definition, { active: client.tls !== null, required });
    const offered = offeredCapabilities(upstream, { ...settings.esmtp, ...limits, startTls, auth });
    const lines = ehloLines(settings.hostName, offered);
    if (takesXclient(settings, client.address)) lines.push(`XCLIENT ${xclientNames.join(" ")}`);
    this.#keep(offered, upstream !== null);
    this.#session.answer(answer({ code: 250, enhanced: null, lines }));
  }

  #keep(offered: SmtpCapabilities, upstreamKnown: boolean): void {
    this.#offered = offered;
    this.#upstreamKnown = upstreamKnown;
    this.#session.machine.offersLogin = offered.auth.length > 0;
  }
}
