import type { Line } from "#core/bytes/line-reader.ts";
import type { Pop3Limits } from "#core/contract/limits.ts";
import { type CommandFault, type Pop3Command, parseCommand } from "#core/pop3/command.ts";
import { type Pop3State, type Transition, transition } from "#core/pop3/states.ts";
import { commandWords, refusedLine } from "./command-words.ts";

/** What the sender of a line hears that is no command for now. `ends`: and nothing more. `words`: for the trace. */
export type RefusedLine = { refusal: string; ends: boolean; words: string };
export type ReadLine = { command: Pop3Command; step: Transition } | RefusedLine;

const faults: Record<CommandFault["fault"], string> = {
  unknown: "Unknown command",
  syntax: "Wrong arguments",
  long: "Argument too long",
  http: "This is POP3",
};

export function readLine({ bytes, fault }: Line, state: Pop3State, limits: Pop3Limits): ReadLine {
  if (fault === "too-long") return refused("Command line too long");
  if (fault !== null) return refused("Command line has a stray control byte");
  const command = parseCommand(bytes, limits.argumentBytesMax);
  // A browser that was led here must not go on with the rest of its request (ALPACA).
  const ends = "fault" in command && command.fault === "http";
  // A token may come along with AUTH.
  const isLong = bytes.length + 2 > limits.commandBytesMax && command.verb !== "AUTH";
  if (isLong && !ends) return refused("Command line too long");
  if ("fault" in command) return refused(faults[command.fault], ends);
  const step = transition(state, command.verb);
  if (step !== null) return { command, step };
  const refusal = state === "tls-needed" ? "Say STLS first" : "Command not valid in this state";
  return { refusal, ends: false, words: commandWords(command) };
}

function refused(refusal: string, ends = false): RefusedLine {
  return { refusal, ends, words: refusedLine };
}
