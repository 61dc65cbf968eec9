import type { ConnectionEvent } from "#core/contract/event.ts";
import type { Pop3Input, SimulationInput, SmtpInput } from "#core/contract/simulation-input.ts";
import type { ListenTls } from "#core/contract/tls.ts";
import type { CompiledListener, CompiledRuleset } from "#core/policy/compile.ts";
import type { Admission, GoverningPolicy } from "../services.ts";
import type { ListenerTls } from "../tls/server-tls.ts";
import { tryMailbox } from "./try-mailbox.ts";
import { type Exchange, tryMessage } from "./try-message.ts";
import type { TakenMessage } from "./willing-server.ts";
import type { EffectlessServices } from "./without-effect.ts";

export type Rehearsal = {
  listener: CompiledListener;
  governing: GoverningPolicy;
  effectless: EffectlessServices;
  /** SMTP: one or none; POP3: those in the mailbox. */
  messages: readonly Buffer[];
  signal: AbortSignal;
};

/** `taken`: what goes on, to servers or to the client. `isOpen`: what was said so far is not what becomes of the message. */
type Rehearsed = { exchanges: Exchange[]; taken: readonly TakenMessage[]; isOpen: boolean };

/** Takes a client through a session of its protocol, from its greeting to its last reply. */
export function rehearse(rehearsal: Rehearsal, input: SimulationInput): Promise<Rehearsed> {
  return input.protocol === "pop3" ? rehearseRetrieval(rehearsal, input) : rehearseDelivery(rehearsal, input);
}

async function rehearseDelivery(rehearsal: Rehearsal, input: SmtpInput): Promise<Rehearsed> {
  const { listener, effectless, messages, signal } = rehearsal;
  const [message = null] = messages;
  const tlsRequired = listener.tls?.mode === "required" || listener.tls?.mode === "implicit";
  const { exchanges, recipients } = await tryMessage(admission(rehearsal, input), input, {
    message,
    tlsRequired,
    signal,
  });
  // Without a message the transaction is given up: what was said of a refused recipient is not what becomes of the others.
  return { exchanges, taken: effectless.taken, isOpen: message === null && recipients > 0 };
}

async function rehearseRetrieval(rehearsal: Rehearsal, input: Pop3Input): Promise<Rehearsed> {
  const { listener, governing, effectless, messages, signal } = rehearsal;
  const { policy } = governing;
  const { definition } = policy.action;
  if (definition.protocol !== "pop3") throw new Error("a POP3 policy with another protocol's action");
  // Whoever tries it waits for no failed login, and hears of every command that is denied; the record tells of a fault of ours.
  const limits = { ...definition.limits, loginFailureDelayMs: 1 };
  const settings = { ...definition.settings, sessionRecords: "all" as const };
  const rulesets = new Map(policy.action.rulesets);
  const commandRules = rulesets.get("command");
  if (commandRules !== undefined) rulesets.set("command", toldOf(commandRules));
  const action = { ...policy.action, definition: { ...definition, limits, settings }, rulesets };
  const rehearsed = { ...rehearsal, governing: { ...governing, policy: { ...policy, action } } };
  const tls = listener.tls === null ? null : pretendedTls(listener.tls, input.tls);
  const tried = await tryMailbox({ ...admission(rehearsed, input), tls }, input, { messages: messages.length, signal });
  const { exchanges, retrieved } = tried;
  const record = effectless.events.find((event): event is ConnectionEvent => event.kind === "connection");
  if (record?.end === "fault") throw new Error("the rehearsed POP3 session ran into a fault");
  const { route } = policy.logins.routeOf(input.user) ?? policy;
  const taken = retrieved.map(({ number, bytes }) => ({
    route: route.name,
    recipients: [input.user],
    bytes,
    number,
  }));
  return { exchanges, taken, isOpen: false };
}

/** The ruleset with every rule logged. */
function toldOf(ruleset: CompiledRuleset): CompiledRuleset {
  const { rules, noneMatched } = ruleset;
  return {
    ...ruleset,
    rules: rules.map((rule) => ({ ...rule, log: true })),
    noneMatched: { ...noneMatched, log: true },
  };
}

function admission({ listener, governing, effectless }: Rehearsal, { client }: SimulationInput): Admission {
  return {
    services: effectless.services,
    client: { address: client, port: 0 },
    listener: { address: listener.address, port: listener.port },
    governing,
    resolve: () => governing,
    onEnd: () => undefined,
  };
}

/** TLS that is agreed on without a handshake, by clients that speak it. */
function pretendedTls(settings: ListenTls, isSpoken: boolean): ListenerTls {
  return {
    settings,
    start: (raw, done) => {
      setImmediate(() => {
        if (isSpoken) return done(null, "TLSv1.3 TLS_AES_256_GCM_SHA384");
        done("the client does not speak TLS", null);
        raw.destroy();
      });
      return raw;
    },
  };
}
