import type { Command } from "#core/smtp/command.ts";

/** A command as the trace of a session shows it: no secret is in it. */
export function commandWords(command: Command): string {
  switch (command.verb) {
    case "EHLO":
    case "HELO":
      return `${command.verb} ${command.name}`;
    case "MAIL":
      return `MAIL FROM:<${command.sender?.address ?? ""}>`;
    case "RCPT":
      return `RCPT TO:<${command.recipient.address}>`;
    case "BDAT":
      return `BDAT ${command.bytes}${command.last ? " LAST" : ""}`;
    case "VRFY":
    case "EXPN":
    case "ETRN":
      return `${command.verb} ${command.argument}`;
    case "AUTH":
      return `AUTH ${command.mechanism} …`;
    case "XCLIENT":
    case "NOOP":
    case "HELP":
    case "DATA":
    case "RSET":
    case "QUIT":
    case "STARTTLS":
      return command.verb;
    default:
      return command satisfies never;
  }
}

/** What every message repeats. */
export const routineVerbs: ReadonlySet<Command["verb"]> = new Set(["MAIL", "RCPT", "DATA", "BDAT"]);
/** The end of a message that DATA began. */
export const endOfMessage = ".";
/** A line that is no command of ours, or not at this place. */
export const refusedLine = "(refused line)";
