import { afterAll, describe, expect, it } from "vitest";
import type { Pop3Verb } from "#core/pop3/command.ts";
import { type Pop3State, transition } from "#core/pop3/states.ts";
import type { FakePop3Options } from "../../support/fake-pop3-server.ts";
import type { GatewayOptions, Pop3Client } from "../../support/pop3-gateway.ts";
import { startPop3 } from "../../support/pop3-setup.ts";
import { serverTls } from "../../support/server-tls.ts";
import { TestAuthority } from "../../support/test-authority.ts";

const authority = new TestAuthority();
const certificate = authority.issue(["DNS:pop.test"]);
afterAll(() => authority.remove());

/** One line of each verb that its server takes. */
const lines: Record<Pop3Verb, string> = {
  CAPA: "CAPA",
  STLS: "STLS",
  USER: "USER joe",
  PASS: "PASS secret",
  APOP: `APOP joe ${"a".repeat(32)}`,
  AUTH: "AUTH PLAIN",
  UTF8: "UTF8",
  LANG: "LANG en",
  STAT: "STAT",
  LIST: "LIST 1",
  UIDL: "UIDL 1",
  RETR: "RETR 1",
  TOP: "TOP 1 0",
  DELE: "DELE 1",
  NOOP: "NOOP",
  RSET: "RSET",
  QUIT: "QUIT",
};
const verbs = Object.keys(lines) as Pop3Verb[];

/** How each state is reached in which the client speaks commands. */
const ways: Partial<Record<Pop3State, string[]>> = {
  "tls-needed": [],
  authorization: [],
  "user-named": ["USER joe"],
  transaction: ["USER joe", "PASS secret"],
};

/** Says yes to everything; what asks for lines gets none. */
const obliging: FakePop3Options = {
  messages: ["Subject: s\r\n\r\ntext\r\n"],
  sasl: { mechanisms: ["PLAIN"] },
  onCommand: (line, socket) => /^(?:UTF8|LANG|APOP)/.test(line) && (socket.write("+OK en yes\r\n"), true),
};

async function reach(state: Pop3State): Promise<{ client: Pop3Client; heard: string[] }> {
  const mode = state === "tls-needed" ? "required" : "allowed";
  const tls = serverTls(mode, { pop: certificate }, "intermediate", "pop3");
  const gateway: Partial<GatewayOptions> = { tls, settings: { auth: { clearText: "always" } } };
  const { client, upstream } = await startPop3(obliging, gateway);
  await client.line();
  for (const line of ways[state] ?? []) expect(await client.ask(line)).toMatch(/^\+OK/);
  upstream.commands.length = 0;
  return { client, heard: upstream.commands };
}

describe.each(Object.keys(ways) as Pop3State[])("in the state %s", (state) => {
  const taken = verbs.filter((verb) => transition(state, verb) !== null);
  const others = verbs.filter((verb) => transition(state, verb) === null);

  it.each(taken)("%s is taken", async (verb) => {
    const { client } = await reach(state);
    expect(await client.ask(lines[verb])).toMatch(/^\+/);
  });

  it(`${others.length} other commands are -ERR, reach no server, and change nothing`, async () => {
    const { client, heard } = await reach(state);
    const words = state === "tls-needed" ? "Say STLS first" : "Command not valid in this state";
    for (const verb of others) expect(`${verb} ${await client.ask(lines[verb])}`).toBe(`${verb} -ERR ${words}\r\n`);
    expect(heard).toEqual([]);
    for (const verb of taken.slice(0, 1)) expect(await client.ask(lines[verb])).toMatch(/^\+OK/);
  });
});

describe("between STLS and the end of its handshake", () => {
  it.each(verbs)("%s is no command", async (verb) => {
    const { client, heard } = await reach("authorization");
    await client.ask("STLS");
    client.say(`${lines[verb]}\r\n`);
    // What comes is a TLS alert at most.
    expect(await client.whenClosed()).not.toMatch(/OK|ERR/);
    expect(heard).toEqual([]);
  });
});

describe("within an exchange of AUTH", () => {
  it.each(verbs)("%s is no command", async (verb) => {
    const { client, heard } = await reach("authorization");
    await client.ask("AUTH PLAIN");
    expect(await client.ask(lines[verb])).toMatch(/^-ERR (?:Not base64|\[AUTH\] Login failed)/);
    expect(heard).toEqual(["AUTH PLAIN", "*"]);
    expect(await client.ask("NOOP")).toBe("-ERR Command not valid in this state\r\n");
  });
});
