import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { type Pop3Input, pop3InputSchema } from "#core/contract/simulation-input.ts";
import { simulate } from "#worker/simulate/simulate.ts";
import { type GatewayOptions, mailboxDocument } from "../../support/pop3-gateway.ts";
import { makeWorkerParts } from "../../support/worker-parts.ts";

const mail = "From: Ann <ann@sender.test>\nSubject: the report\n\nHello.\n.dot\n";

const client: Pop3Input = pop3InputSchema.parse({
  protocol: "pop3",
  interface: "Trusted",
  client: "192.0.2.7",
  user: "joe",
  at: "2026-11-28T08:00:00.000Z",
});

type Tried = {
  input?: Partial<Pop3Input>;
  message?: string | null;
  others?: string[];
  full?: boolean;
  policy?: Partial<GatewayOptions>;
};

async function tried(
  { input = {}, message = mail, others = [], full = true, policy = {} }: Tried,
  document?: PolicyDocument,
) {
  const parts = await makeWorkerParts();
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const request = {
    document: document ?? mailboxDocument({ targets: [1], ...policy }),
    revision: 3,
    trials: [
      {
        input: { ...client, ...input },
        message: message === null ? null : base64(message),
        others: others.map(base64),
        full,
      },
    ],
    ask: { dns: false, scanners: false },
  };
  const [answer] = (await simulate(request, parts.services)).simulated;
  if (answer === undefined) throw new Error("no answer");
  return { answer, parts };
}

const said = ({ conversation }: { conversation: { said: string; reply: string | null }[] }) =>
  conversation.map((exchange) => `${exchange.said} → ${exchange.reply}`);

/** The same policy on a listener that speaks TLS. */
function withTls(mode: "allowed" | "required" | "implicit"): PolicyDocument {
  const document = mailboxDocument({ targets: [1] });
  const tls = { mode, certificates: ["mail"], profile: "intermediate" as const };
  const policies = document.policies.map((policy) => ({
    ...policy,
    listen: policy.listen.map((listen) => ({ ...listen, tls })),
  }));
  return { ...document, policies };
}

test("what passes is shown with what every step hears, and leaves the worker as it was", async () => {
  const { answer, parts } = await tried({ input: { commands: ["STAT", "LIST", "UIDL", "TOP", "RETR", "DELE"] } });
  expect(said(answer)).toEqual([
    "(connects) → +OK POP3 server ready <1.1@rehearsal.invalid>",
    "USER joe → +OK",
    "PASS (the password) → +OK",
    "STAT → +OK 1 66",
    "LIST → +OK\r\n1 66",
    "UIDL → +OK\r\n1 rehearsed-1",
    "TOP 1 20 → +OK 66 octets",
    "RETR 1 → +OK 66 octets",
    "DELE 1 → +OK",
    "QUIT → +OK Bye",
  ]);
  expect(answer.policy).toBe("Fetch");
  expect(answer.events).toMatchObject([
    { kind: "message", outcome: "retrieved", subject: "the report", decision: { verdict: "allow" } },
  ]);
  expect(answer.copies).toEqual([{ recipients: ["joe"], route: "mailbox", number: 1, change: null }]);
  expect(parts.recorder.events).toEqual([]);
  expect(readdirSync(parts.services.holdRoom.folder).filter((name) => name.startsWith("retrieval"))).toEqual([]);
});

test("every rule tells what it saw, of the commands and of the message", async () => {
  const rules = [
    { name: "off", when: { subject: { like: "*report*" } }, action: "replace", state: "off" },
    { name: "decides", when: { subject: { like: "*report*" } }, action: "replace" },
  ];
  const command = { rules: [{ name: "no top", when: { command: { is: "TOP" } }, action: "deny" }] };
  const { answer } = await tried({ policy: { rulesets: { command, message: { rules } } } });
  expect(answer.rules.map(({ ruleName, matched, reached }) => [ruleName, matched, reached])).toEqual([
    ["no top", false, true],
    ["none matched", true, true],
    ["off", true, false],
    ["decides", true, true],
    ["none matched", false, false],
  ]);
  expect(answer.events[0]?.decision).toMatchObject({ verdict: "replace", ruleName: "decides" });
});

test("a notice is shown beside the message whose place it takes", async () => {
  const message = { rules: [{ name: "spam", when: { subject: { like: "*report*" } }, action: "quarantine" }] };
  const { answer, parts } = await tried({ policy: { rulesets: { message } } });
  expect(answer.events).toMatchObject([{ outcome: "replaced", decision: { verdict: "quarantine" } }]);
  const lines = answer.copies[0]?.change?.hunks.flatMap((hunk) => hunk.lines) ?? [];
  const textOf = (unwanted: string) => lines.flatMap(({ kind, text }) => (kind === unwanted ? [] : [text]));
  expect(textOf("added").slice(-5)).toEqual(["Subject: the report", "", "Hello.", ".dot", ""]);
  expect(textOf("removed")).toContain("Auto-Submitted: auto-generated");
  expect(textOf("removed")).not.toContain("Hello.");
  expect(parts.quarantine.bytes).toBe(0);
});

test("a command that is denied is told with its reply, whether it is logged or not, and the session goes on", async () => {
  const reply = { text: "Leave it where it is" };
  const command = { rules: [{ name: "no DELE", when: { command: { is: "DELE" } }, action: { kind: "deny", reply } }] };
  const { answer } = await tried({ input: { commands: ["DELE", "RETR"] }, policy: { rulesets: { command } } });
  expect(said(answer).slice(-3)).toEqual([
    "DELE 1 → -ERR Leave it where it is",
    "RETR 1 → +OK 66 octets",
    "QUIT → +OK Bye",
  ]);
  expect(answer.events).toMatchObject([
    { kind: "session", decision: { verdict: "deny", ruleName: "no DELE" } },
    { kind: "message" },
  ]);
});

test.each([
  ["USER", "USER"],
  ["APOP", "APOP"],
  ["PLAIN", "PLAIN"],
] as const)("a login by %s is what rules about logins see", async (login, mechanism) => {
  const command = { rules: [{ name: "not so", when: { authMechanism: { is: mechanism } }, action: "deny" }] };
  const { answer } = await tried({ input: { login }, policy: { rulesets: { command } } });
  expect(answer.events[0]?.decision).toMatchObject({ ruleName: "not so" });
  expect(answer.copies).toEqual([]);
});

test.each([
  ["LOGIN", ["AUTH LOGIN → + VXNlcm5hbWU6", "(the user’s name) → + UGFzc3dvcmQ6", "(the password) → +OK"]],
  ["CRAM-MD5", ["AUTH CRAM-MD5 → + PDEuMUByZWhlYXJzYWwuaW52YWxpZD4=", "(the user’s name and a digest) → +OK"]],
  [
    "SCRAM-SHA-256",
    [
      "AUTH SCRAM-SHA-256 (the user’s name and a nonce) → + cj1yZWhlYXJzYWxyZWhlYXJzZWQscz1jbVZvWldGeWMyVmssaT00MDk2",
      "(the proof of the password) → + dj1jbVZvWldGeWMyVms=",
      "(nothing) → +OK",
    ],
  ],
  ["XOAUTH2", ["AUTH XOAUTH2 (user and token) → +OK"]],
] as const)("a login by %s is shown to and fro, without its secret", async (login, lines) => {
  const { answer } = await tried({ input: { login, commands: ["RETR"] } });
  expect(said(answer).slice(1, -2)).toEqual(lines);
  expect(answer.events).toMatchObject([{ outcome: "retrieved", user: "joe" }]);
});

test("what the client asks for before it logs in is said first: a language, and UTF8", async () => {
  const { answer } = await tried({ input: { utf8: true, language: "de", commands: ["LANG"] } });
  expect(said(answer)).toEqual([
    "(connects) → +OK POP3 server ready <1.1@rehearsal.invalid>",
    "LANG de → +OK",
    "UTF8 → +OK",
    "USER joe → +OK",
    "PASS (the password) → +OK",
    "LANG → +OK\r\ni-default The default",
    "QUIT → +OK Bye",
  ]);
  const { answer: off } = await tried({
    input: { utf8: true, language: "de" },
    policy: { settings: { capabilities: { utf8: false, lang: false } } },
  });
  expect(said(off).slice(1, 3)).toEqual([
    "LANG de → -ERR LANG is not offered here",
    "UTF8 → -ERR UTF8 is not offered here",
  ]);
});

test("several messages lie in the mailbox: what policy makes of each is in what LIST, TOP, RETR and DELE hear", async () => {
  const other = "From: Ann <ann@sender.test>\nSubject: the plan\n\nHello.\n";
  const message = { rules: [{ name: "no report", when: { subject: { like: "*report*" } }, action: "replace" }] };
  const { answer } = await tried({
    input: { commands: ["STAT", "LIST", "UIDL", "RETR", "DELE"] },
    others: [other],
    policy: { rulesets: { message }, settings: { deletion: { allow: "never" } } },
  });
  const lines = said(answer);
  expect(lines.slice(3, 6)).toEqual([
    "STAT → +OK 2 124",
    "LIST → +OK\r\n1 66\r\n2 58",
    "UIDL → +OK\r\n1 rehearsed-1\r\n2 rehearsed-2",
  ]);
  expect(lines.slice(6).map((line) => line.replace(/ \d+ octets$/, ""))).toEqual([
    "RETR 1 → +OK",
    "RETR 2 → +OK",
    expect.stringMatching(/^DELE 1 → -ERR /),
    expect.stringMatching(/^DELE 2 → -ERR /),
    "QUIT → +OK Bye",
  ]);
  expect(answer.events).toMatchObject([{ outcome: "replaced" }, { outcome: "retrieved" }]);
  expect(answer.copies.map(({ number, change }) => [number, change === null])).toEqual([
    [1, false],
    [2, true],
  ]);
});

test("a user whose login would be too long for one line of AUTH gets in all the same", async () => {
  const { answer } = await tried({ input: { login: "PLAIN", user: `${"u".repeat(250)}@inside.test` } });
  expect(answer.events).toMatchObject([{ outcome: "retrieved" }]);
});

test("a login that may choose no such server is refused, without its wait", async () => {
  const to = { serverChoice: { separator: "%", servers: [{ server: "one.test", route: "mailbox" }] } };
  const beganAt = performance.now();
  const policy = { to, limits: { loginFailureDelayMs: 60_000 } };
  const { answer } = await tried({ input: { user: "joe%two.test" }, policy });
  expect(said(answer)[2]).toBe("PASS (the password) → -ERR [AUTH] Login failed");
  expect(performance.now() - beganAt).toBeLessThan(30_000);
});

test("what a client gets is told with the route of its login", async () => {
  const routes = [{ name: "other", protocol: "pop3", targets: [{ host: "127.0.0.1", port: 2 }] }];
  const to = { userRoutes: [{ user: { is: "joe" }, route: "other" }] };
  const { answer } = await tried({ policy: { routes, to } });
  expect(answer.copies[0]?.route).toBe("other");
  expect(answer.server).toEqual({ route: "other", target: "127.0.0.1:2" });
});

test.each([
  ["allowed", true, /^STLS → \+OK Begin TLS/],
  ["required", false, /^USER joe → -ERR Say STLS first/],
  ["implicit", true, /^USER joe → \+OK/],
] as const)(
  "on a listener where TLS is %s, a client for which it is %s is answered as it would be",
  async (mode, tls, second) => {
    const { answer } = await tried({ input: { tls } }, withTls(mode));
    expect(said(answer)[1]).toMatch(second);
  },
);

test("rules see the TLS that a client speaks; where it speaks none and has to, the session does not begin", async () => {
  const { answer } = await tried({ input: { tls: true } }, withTls("required"));
  expect(answer.events).toMatchObject([{ kind: "message" }]);
  const { answer: clear } = await tried({}, withTls("implicit"));
  expect(clear.conversation).toEqual([{ said: "(connects)", reply: null }]);
  expect(clear.events).toMatchObject([{ kind: "session", cause: "the client does not speak TLS" }]);
});

test("without a message the login and the commands alone are tried, and the answer says so", async () => {
  const { answer } = await tried({ message: null });
  expect(said(answer).map((line) => line.split(" ")[0])).toEqual([
    "(connects)",
    "USER",
    "PASS",
    "STAT",
    "UIDL",
    "QUIT",
  ]);
  expect(answer.events).toEqual([]);
  expect(answer.notAsked).toContain("TOP, RETR and DELE, and the rules for messages: no message was given.");
});

test("where no POP3 policy takes the connection its greeting says so", async () => {
  const { answer } = await tried({ input: { port: 110 } });
  expect(answer).toMatchObject({
    policy: null,
    conversation: [{ said: "(connects)", reply: "-ERR Connection refused" }],
  });
});

test("what is asked briefly has no trace, and neither what is looked at nor what the client gets", async () => {
  const message = { rules: [{ name: "all", when: { subject: { like: "*" } }, action: "replace" }] };
  const { answer } = await tried({ full: false, policy: { rulesets: { message } } });
  expect(answer).toMatchObject({
    rules: [],
    copies: [],
    events: [{ decision: { verdict: "replace", ruleName: "all", trace: [] } }],
  });
});
