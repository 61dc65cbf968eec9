import { expect, test } from "vitest";
import { startFailing } from "../../support/failing-server.ts";
import type { FakeSmtpOptions } from "../../support/fake-smtp-server.ts";
import { waitUntil } from "../../support/wait-until.ts";

const silentAt = (verb: string): FakeSmtpOptions => ({ answer: (line) => (line.startsWith(verb) ? null : undefined) });

test("a server that answers 250 to the message and dies has it: it is never sent again", async () => {
  const { server, spool, queue, recorder } = await startFailing({
    answerBody: (_body, socket) => {
      socket.end("250 2.0.0 mine\r\n", () => socket.destroy());
      return null;
    },
  });
  const id = await queue("a@x.test");
  await waitUntil("the queue to be empty", () => spool.entry(id) === null);
  expect(recorder.events).toMatchObject([{ kind: "delivery", result: "delivered", reply: "250 2.0.0 mine" }]);
  expect(server.connections).toBe(1);
});

test("a server that dies before it answers the message may have it or not: it is sent again", async () => {
  let deaths = 1;
  const { server, spool, queue, attempted } = await startFailing({
    answerBody: (_body, socket) => {
      if (deaths-- <= 0) return undefined;
      socket.destroy();
      return null;
    },
  });
  const id = await queue("a@x.test");
  await attempted(1);
  await waitUntil("it to be put off", () => spool.entry(id)?.state === "deferred");
  expect(spool.entry(id)).toMatchObject({ cause: "protocol", recipients: ["a@x.test"] });
  await spool.command(id, "retry-now");
  await waitUntil("the queue to be empty", () => spool.entry(id) === null);
  expect(server.mails).toHaveLength(1);
});

test.each<[string, FakeSmtpOptions, string]>([
  ["greets with nothing", { greeting: null }, "timeout"],
  ["is silent after EHLO", silentAt("EHLO"), "timeout"],
  ["is silent after MAIL", silentAt("MAIL"), "timeout"],
  ["is silent after RCPT", silentAt("RCPT"), "timeout"],
  ["is silent after DATA", silentAt("DATA"), "timeout"],
  ["is silent after the final dot", { answerBody: () => null }, "timeout"],
  ["greets with garbage", { greeting: "\u0000\u0001 hello there" }, "protocol"],
  ["answers RCPT with garbage", { answer: (line) => (line.startsWith("RCPT") ? "yes, sure" : undefined) }, "protocol"],
  ["answers the message with garbage", { answerBody: () => "mine" }, "protocol"],
  ["answers the message with 354", { answerBody: () => "354 more" }, "protocol"],
])("a server that %s: the message waits for its schedule, with the cause", async (_what, options, cause) => {
  const { spool, queue, server } = await startFailing(options);
  const id = await queue("a@x.test");
  await waitUntil("the attempt's end", () => spool.entry(id)?.state === "deferred");
  expect(spool.entry(id)).toMatchObject({ cause, attempts: 1, recipients: ["a@x.test"] });
  expect(server.mails).toEqual([]);
});

test("a server that takes one of three, refuses one for good and one for now: each has its own fate, over a second attempt", async () => {
  let isBusy = true;
  const { spool, queue, server, recorder, attempted } = await startFailing({
    answer: (line) => {
      if (/^RCPT.*nobody/.test(line)) return "550 5.1.1 No such user";
      return isBusy && /^RCPT.*later/.test(line) ? "452 4.2.2 Over quota" : undefined;
    },
  });
  const id = await queue("taken@x.test", "nobody@x.test", "later@x.test");
  await waitUntil("the first attempt's end", () => spool.entry(id)?.state === "deferred");
  expect(spool.entry(id)).toMatchObject({ recipients: ["later@x.test"] });
  isBusy = false;
  await spool.command(id, "hold");
  await spool.command(id, "release");
  await attempted(2);
  const [, second] = recorder.events;
  expect(second).toMatchObject({ kind: "delivery" });
  expect(server.mails.map(({ lines }) => lines.filter((line) => line.startsWith("RCPT")).length)).toEqual([3, 2]);
});

test.each([
  ["back", -86_400_000],
  ["ahead", 86_400_000],
])(
  "a server that is silent while the clock is set %s a day: the attempt ends in its time all the same",
  async (_where, ms) => {
    const { spool, queue, jump, server, recorder } = await startFailing({ greeting: null });
    const id = await queue("a@x.test");
    await waitUntil("the connection", () => server.connections === 1);
    const since = performance.now();
    jump(ms);
    await waitUntil("the attempt's end", () => recorder.events.length === 1);
    expect(performance.now() - since).toBeGreaterThan(500);
    expect(spool.entry(id)?.cause).toBe("timeout");
  },
);

test("a server that takes its time while the clock is set ahead a day has the message once", async () => {
  let answer = () => {};
  const { spool, queue, jump, server } = await startFailing({
    answerBody: (_body, socket) => {
      answer = () => void socket.write("250 2.0.0 mine\r\n");
      return null;
    },
  });
  const id = await queue("a@x.test");
  await waitUntil("the message to be there", () => server.received.some((text) => text.endsWith("\r\n.\r\n")));
  jump(86_400_000);
  // Half of its time: deadlines are looked at meanwhile.
  setTimeout(answer, 500);
  await waitUntil("the queue to be empty", () => spool.entry(id) === null);
  expect(server.connections).toBe(1);
});

test.each([
  ["back", -86_400_000],
  ["ahead", 86_400_000],
])(
  "a server that was down while the clock was set %s a day is asked again in its time, long before the schedule",
  async (_where, ms) => {
    const { spool, queue, jump, server, attempted } = await startFailing({ greeting: "421 4.3.2 later" });
    const id = await queue("a@x.test");
    await attempted(1);
    jump(ms);
    server.options = {};
    await waitUntil("the queue to be empty", () => spool.entry(id) === null);
    expect(server.mails).toHaveLength(1);
  },
);
