import type { QueueRecord } from "./queue-record.ts";
import type { CommandDetails, CommandResult, RecordCommand } from "./spool.ts";

/** What senders are told where the person who returns their mail says nothing. */
export const returnedWords = "Returned by an administrator";

/** What a command does to a record: `save` its changed progress, `remove` it, or nothing. */
export type CommandEffect = CommandResult & { effect: "save" | "remove" | "none" };

/** Carries a person's command out on the record in memory. An attempt under way is never cut: what it reached is reached. */
export function applyCommand(record: QueueRecord, command: RecordCommand, details: CommandDetails): CommandEffect {
  switch (command) {
    case "retry-now":
      return retryNow(record);
    case "release":
      return release(record);
    case "hold":
      return hold(record);
    case "delete":
      return remove(record);
    case "return":
      return giveBack(record, details.text);
    case "reroute":
      return reroute(record, details.route);
    default:
      return command satisfies never;
  }
}

function retryNow(record: QueueRecord): CommandEffect {
  if (record.state === "delivering") return undone("an attempt is under way");
  if (record.state === "held") return undone("it is held: release it");
  makeReady(record);
  return done("save");
}

function release(record: QueueRecord): CommandEffect {
  if (record.state === "delivering" && record.afterAttempt === "hold") {
    record.afterAttempt = null;
    return done("save");
  }
  if (record.state !== "held") return undone("it is not held");
  makeReady(record);
  return done("save");
}

function hold(record: QueueRecord): CommandEffect {
  if (record.state === "held") return undone("it is held already");
  if (record.state === "delivering") {
    if (record.afterAttempt === "delete") return undone("it is being deleted");
    record.afterAttempt = "hold";
    return done("save", "an attempt is under way and finishes; recipients that it does not reach are held");
  }
  record.state = "held";
  record.nextAttemptAt = null;
  return done("save");
}

function remove(record: QueueRecord): CommandEffect {
  if (record.state !== "delivering") return done("remove");
  record.afterAttempt = "delete";
  return done("save", "an attempt is under way and finishes; nothing is tried after it");
}

/** It fails by a person's decision; its sender is told as of every failure. */
function giveBack(record: QueueRecord, text = returnedWords): CommandEffect {
  if (record.state === "delivering") return undone("an attempt is under way");
  record.outcomes = record.outcomes.replaceAll("p", "f");
  record.state = "failed";
  record.nextAttemptAt = null;
  record.lastReply = `550 5.7.1 ${text}`;
  record.cause = "returned";
  return done("save");
}

/** By another route, also after a restart; what it said and whether it was held counts for the one before. */
function reroute(record: QueueRecord, route: string | undefined): CommandEffect {
  if (record.state === "delivering") return undone("an attempt is under way");
  if (route === undefined) return undone("no route is named");
  if (route === record.route) return undone(`it goes by ${route} already`);
  record.rerouted = route;
  record.unreached = false;
  record.cause = null;
  makeReady(record);
  return done("save");
}

/** Due at once, with everyone who does not have it yet: refused recipients are asked again. */
function makeReady(record: QueueRecord): void {
  if (record.state === "failed") record.cause = null;
  record.outcomes = record.outcomes.replaceAll(/[fb]/g, "p");
  record.state = "ready";
  record.isUrgent = true;
  record.nextAttemptAt = null;
}

function done(effect: CommandEffect["effect"], reason: string | null = null): CommandEffect {
  return { done: true, reason, effect };
}

function undone(reason: string): CommandEffect {
  return { done: false, reason, effect: "none" };
}
