import type { SmtpSettings } from "#core/contract/smtp-settings.ts";
import type { Command } from "#core/smtp/command.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { Verb } from "#core/smtp/states.ts";
import { shortLived } from "../net/short-lived.ts";
import type { Admission } from "../services.ts";
import { passedOn } from "./passed-reply.ts";

export type SideCommand = Extract<Command, { verb: "NOOP" | "HELP" | "VRFY" | "EXPN" | "ETRN" }>;
type Question = Extract<SideCommand, { verb: "VRFY" | "EXPN" | "ETRN" }>;

/** Commands that are answered with 502, whatever follows them. */
export function commandsOff({ commands, esmtp, auth }: SmtpSettings, takesXclient: boolean): Verb[] {
  const off = (["VRFY", "EXPN", "HELP", "ETRN"] as const).filter((verb): boolean => commands[verb] === "refuse");
  const others: [Verb, boolean][] = [
    ["BDAT", !esmtp.chunking],
    ["AUTH", auth.mechanisms.length === 0],
    ["XCLIENT", !takesXclient],
  ];
  return [...off, ...others.flatMap(([verb, isOff]) => (isOff ? [verb] : []))];
}

/** Answers a command without effect on the session; `done` may be called at once. */
export function answerSideCommand(
  admission: Admission,
  command: SideCommand,
  settings: SmtpSettings,
  done: (said: Reply) => void,
): void {
  switch (command.verb) {
    case "NOOP":
      return done(replies.ok);
    case "HELP":
      return done(replies.help);
    case "VRFY":
      // RFC 5321 §3.5.3: neither confirms nor denies.
      if (settings.commands.VRFY !== "pass") return done(replies.cannotVerify);
      return askServer(admission, command, settings, done);
    case "EXPN":
    case "ETRN":
      return askServer(admission, command, settings, done);
    default:
      command satisfies never;
  }
}

/** Asks the route's server on a connection of the pool and gives its answer, cleaned. */
function askServer(
  admission: Admission,
  { verb, argument }: Question,
  settings: SmtpSettings,
  done: (said: Reply) => void,
): void {
  const { smtpPool } = admission.services;
  const { route } = admission.governing.policy;
  // By MX there is no one server to ask.
  if (route.protocol !== "smtp" || route.lookup === "mx") {
    return done(verb === "VRFY" ? replies.cannotVerify : replies.notImplemented);
  }
  smtpPool.lease(route, "", (error, connection) => {
    if (connection === null) return done(error?.publicReply ?? replies.upstreamUnreachable);
    connection.onLost = shortLived(() => {
      smtpPool.drop(connection);
      done(replies.upstreamLost);
    });
    connection.send(verb, `${verb} ${argument}`, (said) => {
      smtpPool.release(connection);
      done(passedOn(said, settings));
    });
  });
}
