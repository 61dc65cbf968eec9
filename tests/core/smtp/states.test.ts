import { describe, expect, test } from "vitest";
import { ServerMachine } from "#core/smtp/server-machine.ts";
import { type ServerState, serverStates, serverTransitions, type Verb, verbs } from "#core/smtp/states.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";

const lines: Record<Verb, string> = {
  EHLO: "EHLO client.test",
  HELO: "HELO client.test",
  MAIL: "MAIL FROM:<a@example.test>",
  RCPT: "RCPT TO:<b@example.test>",
  DATA: "DATA",
  RSET: "RSET",
  NOOP: "NOOP",
  VRFY: "VRFY b",
  EXPN: "EXPN b",
  HELP: "HELP",
  QUIT: "QUIT",
  STARTTLS: "STARTTLS",
};

const ways: Record<ServerState, Verb[]> = {
  connected: [],
  ready: ["EHLO"],
  mail: ["EHLO", "MAIL"],
  recipients: ["EHLO", "MAIL", "RCPT"],
  body: ["EHLO", "MAIL", "RCPT", "DATA"],
  closed: ["QUIT"],
};

function machineIn(state: ServerState): ServerMachine {
  const machine = new ServerMachine(512, "offered");
  for (const verb of ways[state]) machine.succeed(verb);
  expect(machine.state).toBe(state);
  return machine;
}

describe.each(serverStates)("in state %s", (state) => {
  test.each(verbs)("%s does what the table says, and an absent cell is 503 and changes nothing", (verb) => {
    const next = serverTransitions[state][verb];
    const machine = machineIn(state);
    machine.receive(bytesOf(`${lines[verb]}\r\n`));
    const input = machine.next();
    if (state === "body" || state === "closed") expect(input).toBeNull();
    else if (next === undefined)
      expect(input).toMatchObject({ kind: "refused", reply: { code: 503, enhanced: "5.5.1" } });
    else {
      expect(input).toMatchObject({ kind: "command", command: { verb } });
      expect(machine.state).toBe(state);
      machine.succeed(verb);
    }
    expect(machine.state).toBe(next ?? state);
    if (next === undefined) expect(() => machine.succeed(verb)).toThrow();
  });
});

test("only MAIL after EHLO or HELO, only RCPT after MAIL, only DATA after RCPT", () => {
  const takers = (verb: Verb) => serverStates.filter((state) => serverTransitions[state][verb] !== undefined);
  expect(takers("MAIL")).toEqual(["ready"]);
  expect(takers("RCPT")).toEqual(["mail", "recipients"]);
  expect(takers("DATA")).toEqual(["recipients"]);
});

test("RSET, EHLO and HELO leave no transaction in any state", () => {
  for (const state of serverStates) {
    for (const verb of ["RSET", "EHLO", "HELO"] as const) {
      expect(["connected", "ready", undefined]).toContain(serverTransitions[state][verb]);
    }
  }
});
