import { describe, expect, test } from "vitest";
import { LineRepair } from "#core/bytes/line-repair.ts";
import { ServerMachine } from "#core/smtp/server-machine.ts";
import { type ServerState, serverStates, serverTransitions, type Verb, verbs } from "#core/smtp/states.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";

const lines: Record<Verb, string> = {
  EHLO: "EHLO client.test",
  HELO: "HELO client.test",
  MAIL: "MAIL FROM:<a@example.test>",
  RCPT: "RCPT TO:<b@example.test>",
  DATA: "DATA",
  BDAT: "BDAT 3 LAST",
  RSET: "RSET",
  NOOP: "NOOP",
  VRFY: "VRFY b",
  EXPN: "EXPN b",
  HELP: "HELP",
  ETRN: "ETRN example.test",
  QUIT: "QUIT",
  STARTTLS: "STARTTLS",
  AUTH: "AUTH PLAIN",
  XCLIENT: "XCLIENT ADDR=192.0.2.1",
};

const ways: Record<ServerState, Verb[]> = {
  connected: [],
  ready: ["EHLO"],
  mail: ["EHLO", "MAIL"],
  recipients: ["EHLO", "MAIL", "RCPT"],
  body: ["EHLO", "MAIL", "RCPT", "DATA"],
  chunk: ["EHLO", "MAIL", "RCPT", "BDAT"],
  chunks: ["EHLO", "MAIL", "RCPT", "BDAT"],
  authenticating: ["EHLO", "AUTH"],
  closed: ["QUIT"],
};

const decoder = () =>
  new LineRepair(
    { lineBytesMax: 1000, bareLineEnds: "refuse", longLines: "refuse" },
    { text: () => undefined, stuffedDot: () => undefined },
  );

function machineIn(state: ServerState): ServerMachine {
  const machine = new ServerMachine(512, "offered");
  for (const verb of ways[state]) machine.succeed(verb);
  if (state === "chunk") machine.beginChunk(1000, false, decoder());
  if (state === "chunks") {
    machine.beginChunk(0, false, decoder());
    expect(machine.next()).toEqual({ kind: "chunk", bytes: 0, last: false });
  }
  expect(machine.state).toBe(state);
  return machine;
}

/** States in which a line is no command. */
const deaf: readonly ServerState[] = ["body", "chunk", "closed"];

describe.each(serverStates)("in state %s", (state) => {
  test.each(verbs)("%s does what the table says, and an absent cell is 503 and changes nothing", (verb) => {
    const next = serverTransitions[state][verb];
    const machine = machineIn(state);
    machine.receive(bytesOf(`${lines[verb]}\r\n`));
    const input = machine.next();
    if (deaf.includes(state)) expect(input).toBeNull();
    else if (state === "authenticating") {
      // Words of four or eight letters are base64; everything else ends the exchange.
      if (/^(?:\w{4})+$/.test(lines[verb])) expect(input).toEqual({ kind: "login", message: lines[verb] });
      else expect(input).toMatchObject({ kind: "login-ended", reply: { code: 501 } });
      return;
    } else if (next === undefined) {
      expect(input).toMatchObject({ kind: "refused", reply: { code: 503, enhanced: "5.5.1" }, chunk: verb === "BDAT" });
    } else {
      expect(input).toMatchObject({ kind: "command", command: { verb } });
      expect(machine.state).toBe(state);
      machine.succeed(verb);
    }
    // RFC 3030 §2: a refused BDAT ends the transaction.
    const after = verb === "BDAT" && next === undefined && state === "mail" ? "ready" : state;
    expect(machine.state).toBe(next ?? after);
    if (next === undefined) expect(() => machine.succeed(verb)).toThrow();
  });

  test.each(["body", "chunk"] as const)("a %s is not begun out of turn", (what) => {
    const machine = machineIn(state);
    if (state === what) return;
    if (what === "body") expect(() => machine.beginBody(decoder())).toThrow();
    else expect(() => machine.beginChunk(1, true, decoder())).toThrow();
  });
});

test("only MAIL after EHLO or HELO, only RCPT after MAIL, only DATA and BDAT after RCPT, AUTH and ETRN between messages", () => {
  const takers = (verb: Verb) => serverStates.filter((state) => serverTransitions[state][verb] !== undefined);
  expect(takers("MAIL")).toEqual(["ready"]);
  expect(takers("RCPT")).toEqual(["mail", "recipients"]);
  expect(takers("DATA")).toEqual(["recipients"]);
  expect(takers("BDAT")).toEqual(["recipients", "chunks"]);
  expect(takers("AUTH")).toEqual(["ready"]);
  expect(takers("ETRN")).toEqual(["ready"]);
  expect(takers("XCLIENT")).toEqual(["connected", "ready"]);
});

test("RSET, EHLO and HELO leave no transaction in any state", () => {
  for (const state of serverStates) {
    for (const verb of ["RSET", "EHLO", "HELO"] as const) {
      expect(["connected", "ready", undefined]).toContain(serverTransitions[state][verb]);
    }
  }
});
