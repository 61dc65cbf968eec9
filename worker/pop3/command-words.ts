import type { Pop3Command } from "#core/pop3/command.ts";
import { decodeName } from "#core/pop3/wire-text.ts";

/** A command as the trace of a session shows it. What is not named here is shown without its arguments: no secret gets in. */
export function commandWords(command: Pop3Command): string {
  switch (command.verb) {
    case "USER":
      return `USER ${decodeName(command.name)}`;
    case "APOP":
      return `APOP ${decodeName(command.name)} …`;
    case "AUTH":
      return command.initial === null ? `AUTH ${command.mechanism}` : `AUTH ${command.mechanism} …`;
    case "LANG":
      return command.tag === null ? "LANG" : `LANG ${command.tag}`;
    case "PASS":
      return "PASS …";
    case "LIST":
    case "UIDL":
      return command.message === null ? command.verb : `${command.verb} ${command.message}`;
    case "RETR":
    case "DELE":
      return `${command.verb} ${command.message}`;
    case "TOP":
      return `TOP ${command.message} ${command.lines}`;
    default:
      return command.verb;
  }
}

/** A line that is no command of ours. */
export const refusedLine = "(refused line)";
