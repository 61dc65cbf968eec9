import type { Socket } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MessageEvent, SessionEvent, WorkerEvent } from "#core/contract/event.ts";
import { type Pop3Stage, stagesByProtocol } from "#core/contract/facts.ts";
import { type Pop3Input, pop3InputSchema, pop3Logins, pop3TriedCommands } from "#core/contract/simulation-input.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { answerTo, rehearsedExchange } from "#worker/simulate/rehearsed-login.ts";
import { simulate } from "#worker/simulate/simulate.ts";
import { WillingAuth } from "#worker/simulate/willing-auth.ts";
import { changedMessage } from "../support/changed-message.ts";
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

const authLogins = pop3Logins.filter((login) => login !== "USER" && login !== "APOP");
const capabilities = ["TOP", "UIDL", "USER", "PIPELINING", `SASL ${authLogins.join(" ")}`, "UTF8", "LANG"];

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
    login: fc.constantFrom("USER", ...authLogins),
    utf8: fc.boolean(),
    language: fc.constantFrom(null, "de", "*"),
    commands: fc.shuffledSubarray([...pop3TriedCommands.filter((verb) => verb !== "DELE")], { minLength: 1 }),
    deletes: fc.boolean(),
  }),
  seeds: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 3 }),
});

type Told = MessageEvent | SessionEvent;
const isTold = (event: WorkerEvent): event is Told => event.kind === "message" || event.kind === "session";

const withoutIds = (text: string) => text.replaceAll(/\b(?:01[0-9A-Z]{24}|ID\d{24})(?:-\d+)?\b/g, "ID");
/** A simulation begins at its moment, and its clock goes on. */
const comparableText = (mail: string) => withoutIds(mail).replace(/^(Date: Sat, 28 Nov 2026 08:)\d\d:\d\d/m, "$1");

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

/** What a client hears over a socket, answer by answer, and the messages that it gets, by their number. */
async function fetched(gate: Pop3Gateway, { user, login, utf8, language, commands }: Pop3Input, count: number) {
  const client = new Pop3Client(gate.port);
  const heard = [await client.line()];
  const got: [number, string][] = [];
  const ask = async (line: string) => {
    heard.push(await client.ask(line));
    return heard.at(-1)?.startsWith("+OK") === true;
  };
  const logIn = async () => {
    if (login === "USER") return (await ask(`USER ${user}`)) && (await ask("PASS secret"));
    if (login === "APOP") throw new Error("its digest is of the server's greeting");
    const { exchange } = rehearsedExchange(login, user);
    const initial = exchange.initial === null ? "" : ` ${Buffer.from(exchange.initial).toString("base64")}`;
    let isIn = await ask(`AUTH ${login}${initial}`);
    while (heard.at(-1)?.startsWith("+ ")) isIn = await ask(await answerTo(exchange, heard.at(-1)?.slice(2) ?? ""));
    return isIn;
  };
  try {
    if (language !== null) await ask(`LANG ${language}`);
    if (utf8) await ask("UTF8");
    const isIn = await logIn();
    for (const [line, number] of isIn ? commands.flatMap((verb) => linesOf(verb, count)) : []) {
      if (line === "STAT" || line.startsWith("DELE")) await ask(line);
      else {
        const answer = await client.answer(line);
        heard.push(answer.slice(0, answer.indexOf("\r\n")));
        if (line.startsWith("RETR") && answer.startsWith("+OK"))
          got.push([number, unstuffed(answer.slice(answer.indexOf("\r\n") + 2))]);
      }
    }
    await ask("QUIT");
  } finally {
    client.socket.destroy();
    await waitUntil("the session ends", () => gate.ended === gate.sessions.length);
  }
  return { heard: heard.map((reply) => heardOf(reply.trimEnd())), got };
}

function linesOf(verb: Pop3Input["commands"][number], count: number): [line: string, message: number][] {
  if (verb !== "TOP" && verb !== "RETR" && verb !== "DELE") return [[verb, 0]];
  return Array.from({ length: count }, (_, index) => [`${verb} ${index + 1}${verb === "TOP" ? " 20" : ""}`, index + 1]);
}
const unstuffed = (body: string) => body.slice(0, -".\r\n".length).replace(/(^|\r\n)\./g, "$1");

/** A server that lets everybody in, with each message under an id of its own; null: as every other server. */
function answerOf(line: string, auth: WillingAuth | undefined, uids: readonly string[]): WillingAuth | string | null {
  if (auth !== undefined && !auth.isOver) return auth.answer(line);
  const [verb, argument = "", initial] = line.split(" ");
  switch (verb) {
    case "AUTH":
      return new WillingAuth(argument, initial);
    case "USER":
    case "PASS":
    case "UTF8":
      return "+OK";
    case "LANG":
      return argument === "" ? "+OK\r\ni-default The default\r\n." : "+OK";
    case "UIDL":
      return ["+OK", ...uids.map((uid, index) => `${index + 1} ${uid}`), "."].join("\r\n");
    default:
      return null;
  }
}

const at = "2026-11-28T08:00:00.000Z";

test("a simulated retrieval decides, traces, answers and changes as the worker does over sockets", {
  timeout: 120_000,
}, async () => {
  const messages = [""];
  let runs = 0;
  const exchanges = new WeakMap<Socket, WillingAuth>();
  const onCommand = (line: string, socket: Socket) => {
    const answer = answerOf(
      line,
      exchanges.get(socket),
      messages.map((_, index) => `run-${runs}-${index}`),
    );
    if (answer instanceof WillingAuth) exchanges.set(socket, answer);
    const said = answer instanceof WillingAuth ? answer.begun : answer;
    if (said !== null) socket.write(`${said}\r\n`);
    return said !== null;
  };
  // A notice has a date.
  const now = () => Date.parse(at);
  const { gate, options, client: idle } = await startPop3({ messages, onCommand, capabilities }, { now });
  idle.socket.destroy();
  const { services } = await makeWorkerParts();
  let [decided, changed] = [0, 0];
  await fc.assert(
    fc.asyncProperty(trial, async ({ rulesets, settings, client, seeds }) => {
      const document = mailboxDocument({ ...options, rulesets, settings } satisfies GatewayOptions);
      const compiled = compilePolicy(document);
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
      const policy = compiled.policy.listeners[0]?.policies[0];
      if (policy === undefined) throw new Error("no policy");
      runs++;
      gate.governing = { policy, revision: 7 };
      const mails = seeds.map((seed) => generatedMessage(seededRandom(seed)));
      messages.splice(0, messages.length, ...mails);
      const input = pop3InputSchema.parse({
        protocol: "pop3",
        interface: "Trusted",
        client: "127.0.0.1",
        user: client.user,
        login: client.login,
        utf8: client.utf8,
        language: client.language,
        commands: client.deletes ? [...client.commands, "DELE"] : client.commands,
        at,
      });
      const before = gate.events.length;
      const { heard, got } = await fetched(gate, input, mails.length);
      const told = gate.events.slice(before).filter(isTold);

      const [message = "", ...others] = mails.map((mail) => Buffer.from(mail, "latin1").toString("base64"));
      const trials = [{ input, message, others, full: true }];
      const request = { document, revision: 7, trials, ask: { dns: true, scanners: true } };
      const [answer] = (await simulate(request, services)).simulated;
      if (answer === undefined) throw new Error("no answer");
      expect(answer.conversation.map(({ reply }) => heardOf(reply ?? "closed"))).toEqual(heard);
      expect(answer.events.map(comparable)).toEqual(told.map(comparable));
      const copies = answer.copies.map(({ number, change }): [number, string] => {
        const mail = mails[number - 1] ?? "";
        return [number, comparableText(change === null ? mail : changedMessage(mail, change))];
      });
      expect(copies).toEqual(got.map(([number, text]) => [number, comparableText(text)]));
      if (told.some(({ decision }) => decision !== null && decision.verdict !== "allow")) decided++;
      changed += got.filter(([number, text]) => text !== mails[number - 1]).length;
    }),
    { numRuns: 40, endOnFailure: true, seed: Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000_000) },
  );
  // Otherwise it would compare nothing but messages that pass.
  expect(decided).toBeGreaterThan(8);
  expect(changed).toBeGreaterThan(3);
});
