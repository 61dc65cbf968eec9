import { expect, test } from "vitest";
import { traceCommandsMax } from "#core/contract/event.ts";
import {
  routineCommandsMax,
  SessionTrace,
  traceCharactersMax,
  traceTextCharactersMax,
} from "#worker/net/session-trace.ts";

function tracing() {
  const clock = { now: 5_000 };
  return { clock, trace: new SessionTrace(() => clock.now) };
}

test("each command has the first line of its answer, and when it came", () => {
  const { clock, trace } = tracing();
  trace.reply("220 ready\r\n");
  clock.now += 7;
  trace.command("EHLO a");
  trace.reply("250-gate\r\n250 SIZE\r\n");
  expect(trace.entries).toEqual([
    { atMs: 0, command: "", reply: "220 ready" },
    { atMs: 7, command: "EHLO a", reply: "250-gate" },
  ]);
});

test("a command without an answer stays without, and what nobody asked stands alone", () => {
  const { trace } = tracing();
  trace.command("DATA");
  trace.command(".");
  trace.reply("250 ok\r\n");
  trace.reply("421 bye\r\n");
  expect(trace.entries.map(({ command, reply }) => [command, reply])).toEqual([
    ["DATA", null],
    [".", "250 ok"],
    ["", "421 bye"],
  ]);
});

test("control characters and turned writing do not get in", () => {
  const { trace } = tracing();
  trace.command("USER a\u0000\u001b[31m\u202eb\u200b");
  expect(trace.lastCommand).toBe("USER a??[31m?b?");
});

test("what every message repeats is kept at the beginning, and later where it is refused", () => {
  const { trace } = tracing();
  const say = (words: string, answer: string) => {
    trace.routine(words);
    expect(trace.lastCommand).toBe(words);
    trace.reply(answer);
  };
  for (let n = 0; n < routineCommandsMax; n++) say(`RCPT ${n}`, "250 ok\r\n");
  say("RCPT well", "250 ok\r\n");
  say("RCPT later", "450 later\r\n");
  trace.routine("DATA");
  trace.command("QUIT");
  trace.reply("221 bye\r\n");
  expect(trace.entries.slice(routineCommandsMax).map(({ command, reply }) => [command, reply])).toEqual([
    ["RCPT later", "450 later"],
    ["QUIT", "221 bye"],
  ]);
  expect(trace.untraced).toBe(2);
});

test("texts are cut, and past so many commands or characters they are counted only", () => {
  const { trace } = tracing();
  trace.command("x".repeat(1_000));
  expect(trace.lastCommand).toHaveLength(traceTextCharactersMax);
  for (let n = 1; n < traceCommandsMax + 10; n++) {
    trace.command("NOOP");
    trace.reply("250 ok\r\n");
  }
  expect(trace.entries).toHaveLength(traceCommandsMax);
  expect(trace.untraced).toBe(10);

  const long = tracing().trace;
  for (let n = 0; n < traceCommandsMax; n++) {
    long.command("x".repeat(1_000));
    long.reply("y".repeat(1_000));
  }
  const characters = JSON.stringify(long.entries.map(({ command, reply }) => command + reply)).length;
  expect(characters).toBeLessThan(traceCharactersMax * 1.1);
  expect(long.entries.length + long.untraced).toBe(traceCommandsMax);
  expect(long.lastCommand).toHaveLength(traceTextCharactersMax);
});

test("an answer to a command that is not kept does not go to another, and a clock that was set back is no age", () => {
  const { clock, trace } = tracing();
  for (let n = 0; n < traceCommandsMax; n++) trace.command("NOOP");
  trace.command("SECRET");
  trace.reply("250 late\r\n");
  expect(trace.entries.some(({ reply }) => reply !== null)).toBe(false);
  clock.now = 0;
  expect(trace.ageMs).toBe(0);
});
