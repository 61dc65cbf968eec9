import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import { type GatewayOptions, Pop3Client } from "../../support/pop3-gateway.ts";
import { startPop3 } from "../../support/pop3-setup.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { waitUntil } from "../../support/wait-until.ts";

const seed = Date.now() % 1_000_000;
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const unBase64 = (text: string): string => Buffer.from(text, "base64").toString();

const users = ["ann", "bob", "joe"];
const plain = (user: string, owner = "") => base64(`${owner}\0${user}\0secret`);
/** What a client may say before it is logged in, in any order. */
const commands = [
  ...users.flatMap((user) => [`USER ${user}`, `APOP ${user} ${"a".repeat(32)}`, `AUTH LOGIN ${base64(user)}`]),
  ...users.flatMap((user) => [`AUTH PLAIN ${plain(user)}`, `AUTH PLAIN ${plain(user, "ann")}`]),
  ...["PASS secret", "PASS secret", "PASS secret", "AUTH PLAIN", "AUTH LOGIN", "AUTH NTLM", "AUTH PLAIN ="],
  ...["CAPA", "NOOP", "USER nobody", "PASS wrong", "AUTH", "*"],
];
/** What it may say to a challenge. */
const responses = [
  ...users.flatMap((user) => [plain(user), plain(user), base64(user)]),
  ...[base64("secret"), base64("secret"), base64("secret"), plain("joe", "ann"), "*", "PASS secret"],
];

type Talk = { named: string; steps: ((line: string) => string)[] };

/**
 * A server that lets everybody in with the password "secret", and does the most confusing of what servers do with an initial response:
 * sometimes it looks at it, sometimes it asks again. `loggedIn`: who it took the client for, in order.
 */
function confusingServer(random: () => number): { options: FakePop3Options; loggedIn: string[] } {
  const talks = new WeakMap<Socket, Talk>();
  const loggedIn: string[] = [];
  const enter = (user: string, isRight: boolean): string => {
    if (!isRight || user === "nobody") return "-ERR [AUTH] no\r\n";
    loggedIn.push(user);
    return "+OK in\r\n";
  };
  const readPlain = (line: string): string => {
    const [owner = "", user = "", secret] = unBase64(line).split("\0");
    return enter(owner === "" ? user : owner, secret === "secret");
  };
  const begin = (talk: Talk, mechanism: string, initial: string | undefined): string => {
    const isSeen = initial !== undefined && random() < 0.7;
    if (mechanism === "PLAIN") {
      if (isSeen) return readPlain(initial);
      talk.steps = [readPlain];
      return "+ \r\n";
    }
    let user = "";
    const secret = (line: string): string => enter(user, unBase64(line) === "secret");
    const name = (line: string): string => {
      user = unBase64(line);
      talk.steps = [secret];
      return "+ UGFzc3dvcmQ6\r\n";
    };
    if (isSeen) return name(initial);
    talk.steps = [name];
    return "+ VXNlcm5hbWU6\r\n";
  };
  const answer = (line: string, talk: Talk): string | null => {
    const step = talk.steps.shift();
    if (step !== undefined) return line === "*" ? "-ERR given up\r\n" : step(line);
    const [verb, first = "", second] = line.split(" ");
    if (verb === "USER") {
      talk.named = first;
      return first === "nobody" ? "-ERR who?\r\n" : "+OK\r\n";
    }
    if (verb === "PASS") return enter(talk.named, first === "secret");
    if (verb === "APOP") return enter(first, true);
    return verb === "AUTH" ? begin(talk, first, second) : null;
  };
  const onCommand: FakePop3Options["onCommand"] = (line, socket) => {
    const talk = talks.get(socket) ?? { named: "", steps: [] };
    talks.set(socket, talk);
    const said = answer(line, talk);
    if (said !== null) socket.write(said);
    return said !== null;
  };
  return { options: { onCommand, capabilities: ["USER", "SASL PLAIN LOGIN"] }, loggedIn };
}

const gateways: [string, Partial<GatewayOptions>][] = [
  ["passed to the one server", {}],
  ["of which some are not offered", { settings: { auth: { apop: false, mechanisms: ["LOGIN"] } } }],
  ["read for the server of the user", { to: { serverChoice: { servers: [{ server: "b.test", route: "mailbox" }] } } }],
];

it.each(gateways)(
  `whatever is said before it (seed ${seed}), a login is of the user whom the server took the client for: logins %s`,
  async (_what, gateway) => {
    const random = seededRandom(seed);
    const { options, loggedIn } = confusingServer(random);
    const limits = {
      errorsMax: 1000,
      loginFailuresMax: 100,
      loginFailuresPerSourceMax: 100_000,
      loginFailuresPerUserMax: 100_000,
    };
    const { gate, port } = await startPop3(options, { ...gateway, limits });
    for (let round = 0; round < 80; round++) {
      const client = new Pop3Client(port);
      onTestFinished(() => void client.socket.destroy());
      await client.line();
      const before = gate.connections.length;
      const taken = loggedIn.length;
      let isChallenged = false;
      for (let n = 0; n < 12 && loggedIn.length === taken; n++) {
        const lines = isChallenged ? responses : commands;
        const said = await client.ask(lines[Math.floor(random() * lines.length)] ?? "NOOP");
        isChallenged = said.startsWith("+ ");
        if (client.heard !== "") await client.until(".\r\n");
      }
      client.socket.destroy();
      await waitUntil("the record is written", () => gate.connections.length > before);
      const { user } = gate.connections.at(-1) ?? {};
      expect({ round, user }).toEqual({ round, user: loggedIn.length === taken ? null : loggedIn.at(-1) });
    }
  },
);

it.each([
  ["PLAIN", base64("\0joe \0secret")],
  ["PLAIN", base64("\0 joe\0secret")],
  ["LOGIN", base64("joe ")],
  ["XOAUTH2", base64("user=bob\x01user=joe\x01auth=Bearer secret\x01\x01")],
])("a name that servers may read as another's never gets to one: %s %s", async (mechanism, message) => {
  const { client, upstream, gate } = await startPop3({ sasl: { mechanisms: ["PLAIN", "LOGIN", "XOAUTH2"] } });
  await client.line();
  expect(await client.ask(`AUTH ${mechanism} ${message}`)).toBe("-ERR [AUTH] Login failed\r\n");
  expect(upstream.commands).toEqual([]);
  expect(gate.events).toHaveLength(1);
});

describe("rules about a user", () => {
  const to = { serverChoice: { servers: [{ server: "pop.a.test", route: "mailbox" }] } };
  it.each([
    ["name", { user: { is: "joe" } }, "joe"],
    ["domain", { userDomain: { is: "a.test" } }, "joe@a.test"],
  ])("by %s hold whichever server the client names behind it", async (_what, when, user) => {
    const command = { rules: [{ name: "not this one", when, action: "deny" }] };
    const { client, upstream } = await startPop3({ user }, { to, rulesets: { command } });
    await client.line();
    for (const name of [user, `${user}%pop.a.test`, `${user}%POP.A.TEST`]) {
      expect(await client.ask(`USER ${name}`)).toBe("-ERR Command not allowed\r\n");
      expect(await client.ask(`AUTH PLAIN ${plain(name)}`)).toBe("-ERR Command not allowed\r\n");
      await client.ask("AUTH PLAIN");
      expect(await client.ask(plain(name))).toBe("-ERR Command not allowed\r\n");
    }
    expect(upstream.commands).toEqual([]);
  });

  it("that only some may pass are not met by a server's name", async () => {
    const joe = { name: "joe", when: { user: { is: "joe" } }, action: "allow" };
    const command = { rules: [joe, { name: "nobody else", action: "deny" }] };
    const { client } = await startPop3({}, { to, rulesets: { command } });
    await client.line();
    expect(await client.ask("USER joe")).toBe("+OK\r\n");
    expect(await client.ask("USER ann%pop.a.test")).toBe("-ERR Command not allowed\r\n");
  });
});
