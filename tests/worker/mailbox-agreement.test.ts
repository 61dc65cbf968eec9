import type { Socket } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MessageEvent, SessionEvent, WorkerEvent } from "#core/contract/event.ts";
import { type Pop3Stage, stagesByProtocol } from "#core/contract/facts.ts";
import { type Pop3Input, pop3InputSchema, pop3TriedCommands } from "#core/contract/simulation-input.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { simulate } from "#worker/simulate/simulate.ts";
import { generatedMessage } from "../support/generated-message.ts";
import { type GatewayOptions, mailboxDocument, Pop3Client, type Pop3Gateway } from "../support/pop3-gateway.ts";
import { startPop3 } from "../support/pop3-setup.ts";
import { actionArbitrary } from "../support/rule-arbitrary.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { waitUntil } from "../support/wait-until.ts";
import { makeWorkerParts } from "../support/worker-parts.ts";

/** Conditions that messages and clients of the test often meet, and often do not. */
const conditions: Record<Pop3Stage, readonly object[]> = {
  command: [
    { command: { in: ["DELE", "TOP", "UIDL"] } },
    { command: { is: "RETR" }, user: { is: "joe" } },
    { command: { in: ["PASS", "AUTH"] }, userDomain: { is: "inside.test" } },
    { authMechanism: { is: "PLAIN" }, command: { is: "LIST" } },
    { clientAddress: { in: ["10.0.0.0/8"] } },
  ],
  header: [{ headerName: { is: "X-Secret" } }, { headerName: { is: "Subject" }, headerValue: { like: "*invoice*" } }],
  attachment: [{ fileName: { like: "*.exe" } }, { contentType: { is: "text/html" } }, { detectedType: { like: "*" } }],
  message: [
    { subject: { like: "*secret*" } },
    { attachmentCount: { over: 1 } },
    { any: [{ from: { like: "*boss*" } }, { messageBytes: { over: 2_000 } }] },
  ],
};

function ruleset(stage: Pop3Stage): fc.Arbitrary<object> {
  const rule = fc.record({
    name: fc.uuid(),
    state: fc.constantFrom("on", "on", "observe", "off"),
    when: fc.constantFrom(...conditions[stage]),
    action: actionArbitrary("pop3", stage),
    // A simulation tells of what is not logged, too.
    log: fc.constant(true),
  });
  const noneMatched = fc.oneof(
    { weight: stage === "command" ? 20 : 4, arbitrary: fc.constant("allow") },
    { weight: 1, arbitrary: actionArbitrary("pop3", stage) },
  );
  return fc.record({
    rules: fc.array(rule, { maxLength: 3 }),
    noneMatched: noneMatched.map((action) => ({ action, log: true })),
  });
}

const trial = fc.record({
  rulesets: fc.record(Object.fromEntries(stagesByProtocol.pop3.map((stage) => [stage, ruleset(stage)])), {
    requiredKeys: [],
  }),
  settings: fc.record({
    hideServerReplies: fc.boolean(),
    verdictHours: fc.constantFrom(0, 24),
    deletion: fc.record({
      allow: fc.constantFrom("always", "after-days", "never"),
      answer: fc.constantFrom("refuse", "pretend"),
    }),
  }),
  client: fc.record({
    user: fc.constantFrom("joe", "ann@inside.test"),
    login: fc.constantFrom("USER", "PLAIN"),
    commands: fc.shuffledSubarray([...pop3TriedCommands.filter((verb) => verb !== "DELE")], { minLength: 1 }),
    deletes: fc.boolean(),
  }),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
});

type Told = MessageEvent | SessionEvent;
const isTold = (event: WorkerEvent): event is Told => event.kind === "message" || event.kind === "session";

const withoutIds = (text: string) => text.replaceAll(/\b(?:01[0-9A-Z]{24}|ID\d{24})(?:-\d+)?\b/g, "ID");

/** What may differ: ids, times, ports, and what only a real server can say. */
const differing = ["id", "at", "durationMs", "port", "upstream", "upstreamReply", "uidl", "connection", "ms", "steps"];
const comparable = (event: Told): unknown =>
  JSON.parse(
    withoutIds(JSON.stringify(event, (key, value: unknown) => (differing.includes(key) ? undefined : value))).replace(
      /\\"port\\":\d+/,
      "",
    ),
  );
/** A yes is in the server's words; a blank too many is no word. */
const heardOf = (reply: string) => (reply.startsWith("+OK") ? "+OK" : withoutIds(reply).replace(/^-ERR +/, "-ERR "));

/** What a client hears over a socket, answer by answer, and the message that it gets. */
async function fetched(gate: Pop3Gateway, { user, login, commands }: Pop3Input) {
  const client = new Pop3Client(gate.port);
  const heard = [await client.line()];
  let message: string | null = null;
  const ask = async (line: string) => {
    heard.push(await client.ask(line));
    return heard.at(-1)?.startsWith("+OK") === true;
  };
  try {
    const token = Buffer.from(`\0${user}\0secret`).toString("base64");
    const isIn =
      login === "USER" ? (await ask(`USER ${user}`)) && (await ask("PASS secret")) : await ask(`AUTH PLAIN ${token}`);
    for (const verb of isIn ? commands : []) {
      if (verb === "STAT") await ask(verb);
      else if (verb === "DELE") await ask("DELE 1");
      else {
        const answer = await client.answer(lineOf(verb));
        heard.push(answer.slice(0, answer.indexOf("\r\n")));
        if (verb === "RETR" && answer.startsWith("+OK")) message = unstuffed(answer.slice(answer.indexOf("\r\n") + 2));
      }
    }
    await ask("QUIT");
  } finally {
    client.socket.destroy();
    await waitUntil("the session ends", () => gate.ended === gate.sessions.length);
  }
  return { heard: heard.map((reply) => heardOf(reply.trimEnd())), message };
}

const lineOf = (verb: Pop3Input["commands"][number]) => {
  if (verb === "TOP") return "TOP 1 20";
  return verb === "RETR" ? "RETR 1" : verb;
};
const unstuffed = (body: string) => body.slice(0, -".\r\n".length).replace(/(^|\r\n)\./g, "$1");

const at = "2026-11-28T08:00:00.000Z";

test("a simulated retrieval decides, traces, answers and changes as the worker does over sockets", {
  timeout: 120_000,
}, async () => {
  const messages = [""];
  let runs = 0;
  const onCommand = (line: string, socket: Socket) => {
    const uidl = line === "UIDL" ? `+OK\r\n1 run-${runs}\r\n.\r\n` : "";
    const answer = /^(USER|PASS|AUTH) /.test(line) ? "+OK\r\n" : uidl;
    socket.write(answer);
    return answer !== "";
  };
  // A notice has a date.
  const now = () => Date.parse(at);
  const { gate, options, client: idle } = await startPop3({ messages, onCommand }, { now });
  idle.socket.destroy();
  const { services } = await makeWorkerParts();
  let [decided, changed] = [0, 0];
  await fc.assert(
    fc.asyncProperty(trial, async ({ rulesets, settings, client, seed }) => {
      const document = mailboxDocument({ ...options, rulesets, settings } satisfies GatewayOptions);
      const compiled = compilePolicy(document);
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
      const policy = compiled.policy.listeners[0]?.policies[0];
      if (policy === undefined) throw new Error("no policy");
      runs++;
      gate.governing = { policy, revision: 7 };
      const mail = generatedMessage(seededRandom(seed));
      messages[0] = mail;
      const input = pop3InputSchema.parse({
        protocol: "pop3",
        interface: "Trusted",
        client: "127.0.0.1",
        user: client.user,
        login: client.login,
        commands: client.deletes ? [...client.commands, "DELE"] : client.commands,
        at,
      });
      const before = gate.events.length;
      const { heard, message } = await fetched(gate, input);
      const told = gate.events.slice(before).filter(isTold);

      const trials = [{ input, message: Buffer.from(mail, "latin1").toString("base64"), full: true }];
      const request = { document, revision: 7, trials, ask: { dns: true, scanners: true } };
      const [answer] = await simulate(request, services);
      if (answer === undefined) throw new Error("no answer");
      expect(answer.conversation.map(({ reply }) => heardOf(reply ?? "closed"))).toEqual(heard);
      expect(answer.events.map(comparable)).toEqual(told.map(comparable));
      const got = answer.copies.map(({ after }) => withoutIds(after ?? mail));
      expect(got).toEqual(message === null ? [] : [withoutIds(message)]);
      if (told.some(({ decision }) => decision !== null && decision.verdict !== "allow")) decided++;
      if (message !== null && message !== mail) changed++;
    }),
    { numRuns: 60, endOnFailure: true, seed: Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000_000) },
  );
  // Otherwise it would compare nothing but messages that pass.
  expect(decided).toBeGreaterThan(8);
  expect(changed).toBeGreaterThan(3);
});
