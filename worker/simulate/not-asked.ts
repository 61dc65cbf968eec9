import type { SimulationRequest, Trial } from "#core/contract/simulation.ts";
import type { CompiledMailPolicy } from "#core/policy/compile.ts";

/** What a trial does not ask or not count, in sentences. */
export function notAsked(
  { input, message }: Trial,
  ask: SimulationRequest["ask"],
  { action, logins }: CompiledMailPolicy,
): string[] {
  const scanners = action.content.scanners.map(({ name }) => name);
  return [
    ...(input.protocol === "pop3"
      ? ofMailbox(logins.routes.some((route) => "bridge" in route && route.bridge !== undefined))
      : ofDelivery),
    ...(message === null
      ? [
          input.protocol === "pop3"
            ? "TOP, RETR and DELE, and the rules for messages: no message was given."
            : "The rules for the content: no message was given.",
        ]
      : []),
    ...(action.needs.senderAuth && !ask.dns ? ["The DNS: names are taken to have no records."] : []),
    ...(scanners.length > 0 && !ask.scanners
      ? [`The scanners ${scanners.join(", ")}: they are taken to find nothing.`]
      : []),
  ];
}

const ofDelivery = [
  "The servers of the routes: they are taken to say yes to every recipient.",
  "Signatures: none is made.",
  "What stands against a client today alone: bans, limits by the minute, connections at once, a full queue.",
];

function ofMailbox(isBridged: boolean): string[] {
  return [
    "The mailbox servers: they are taken to let everybody in, to know every command and language, and to have what was given here.",
    "Passwords, digests and tokens: whatever is said is taken to be right; so what a server refuses a login for is not seen.",
    ...(isBridged ? ["The credentials of the bridge: whoever logs in is taken to know the password."] : []),
    "What was known of the messages before: they are taken to be new in their mailbox, judged by nobody, and not released from quarantine.",
    "What a second session would find: the verdicts of the first, and what it deleted.",
    "Commands that are put otherwise than clients do: TOP of other lines than the first 20, RSET and NOOP, several at once.",
    "What stands against a client today alone: bans, failed logins, connections at once.",
  ];
}
