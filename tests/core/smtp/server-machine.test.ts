import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BodyDecoder } from "#core/bytes/body-decoder.ts";
import { DotDecoder } from "#core/bytes/dot-decoder.ts";
import { LineRepair } from "#core/bytes/line-repair.ts";
import type { Command } from "#core/smtp/command.ts";
import { ServerMachine, type StartTlsState } from "#core/smtp/server-machine.ts";
import { serverStates, type Verb } from "#core/smtp/states.ts";
import { bytesOf, randomCut, sameForEveryCut, textOf } from "../../support/chunk-invariance.ts";

type Setup = { commandBytesMax?: number; offersLogin?: boolean; startTls?: StartTlsState; off?: Verb[] };

/** Behind the code of a refused BDAT, which ends the transaction. */
const transactionOver = " and over";

/** Takes every command and login at once, as a server does that refuses nothing; a login of one message succeeds. */
function serve(
  chunks: readonly Uint8Array[],
  { commandBytesMax = 512, offersLogin, startTls, off }: Setup = {},
): string[] {
  const machine = new ServerMachine(commandBytesMax, startTls, off);
  machine.offersLogin = offersLogin ?? false;
  const seen: string[] = [];
  let body = "";
  let decoder: BodyDecoder | null = null;
  const sink = {
    text: (slice: Uint8Array) => {
      body += textOf(slice);
    },
    stuffedDot: () => undefined,
  };
  const endBody = () => {
    seen.push(`body ${JSON.stringify(body)} ${decoder?.fault ?? "whole"}`);
    body = "";
    decoder = null;
    machine.endTransaction();
  };
  const take = (command: Command) => {
    seen.push(command.verb);
    machine.succeed(command.verb);
    if (["EHLO", "HELO", "RSET"].includes(command.verb)) [body, decoder] = ["", null];
    if (command.verb === "DATA") {
      decoder = new DotDecoder(1000, sink);
      machine.beginBody(decoder);
    } else if (command.verb === "BDAT") {
      decoder ??= new LineRepair({ lineBytesMax: 1000, bareLineEnds: "refuse", longLines: "refuse" }, sink);
      machine.beginChunk(command.bytes, command.last, decoder);
    }
  };
  const pump = () => {
    if (decoder?.ended) endBody();
    for (let input = machine.next(); input !== null; input = machine.next()) {
      if (input.kind === "refused") {
        if (input.chunk) [body, decoder] = ["", null];
        seen.push(`${input.reply.code}${input.chunk ? transactionOver : ""}`);
      } else if (input.kind === "command") take(input.command);
      else if (input.kind === "login") {
        seen.push(`login ${input.message}`);
        machine.endLogin(true);
      } else if (input.kind === "login-ended") seen.push(`login ended ${input.reply.code}`);
      else {
        seen.push(`chunk ${input.bytes}`);
        if (input.last) endBody();
      }
    }
  };
  for (const chunk of chunks) {
    machine.receive(chunk);
    pump();
  }
  expect(serverStates).toContain(machine.state);
  return seen;
}

function served(text: string, setup: Setup = {}): string[] {
  const seen = sameForEveryCut(bytesOf(text), (chunks) => serve(chunks, setup));
  return seen.map((what) => what.replace(transactionOver, ""));
}

const recipient = "EHLO a.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\n";

describe("ServerMachine", () => {
  test("tells commands, bodies and what follows them alike, however the bytes are cut", () => {
    // A body may only follow 354: within one chunk DATA is the last, so the session is cut there on purpose.
    const before = bytesOf("EHLO a.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n");
    const after = bytesOf("one\r\n..two\r\n.\r\nRCPT TO:<c@d.test>\r\nNOOP\r\nXYZZY\r\nQUIT\r\nNOOP\r\n");
    const seen = sameForEveryCut(after, (chunks) => serve([before, ...chunks]));
    expect(seen).toEqual([
      "EHLO",
      "MAIL",
      "RCPT",
      "DATA",
      'body "one\\r\\n.two\\r\\n" whole',
      "503",
      "NOOP",
      "500",
      "QUIT",
    ]);
    expect(sameForEveryCut(before, (chunks) => serve(chunks))).toEqual(["EHLO", "MAIL", "RCPT", "DATA"]);
  });
  test("refuses faulty lines in any state and stays there", () => {
    expect(served("EHLO a.test\r\nNO\rOP\r\nNOOP\nRS\0ET\r\nMAIL FROM:<a@b.test>\r\n")).toEqual([
      "EHLO",
      "500",
      "500",
      "500",
      "MAIL",
    ]);
  });
  test("tells STARTTLS and what stands before and after it alike, however the bytes are cut", () => {
    const text =
      "STARTTLS\r\nEHLO a.test\r\nSTARTTLS x\r\nMAIL FROM:<a@b.test>\r\nSTARTTLS\r\nRSET\r\nSTARTTLS\r\nMAIL FROM:<a@b.test>\r\n";
    expect(served(text, { startTls: "offered" })).toEqual(
      ["503", "EHLO", "501", "MAIL", "503", "RSET", "STARTTLS", "503"], // as if nothing was said before
    );
    expect(served(text, { startTls: "none" })).toEqual(["502", "EHLO", "502", "MAIL", "502", "RSET", "502", "MAIL"]);
    expect(served(text, { startTls: "active" })).toEqual(["503", "EHLO", "503", "MAIL", "503", "RSET", "503", "MAIL"]);
    const required = "MAIL FROM:<a@b.test>\r\nEHLO a.test\r\nRSET\r\nBDAT 4\r\nQUITXYZZY\r\nNOOP\r\nSTARTTLS\r\n";
    expect(served(required, { startTls: "required" })).toEqual([
      "530",
      "EHLO",
      "530",
      "530",
      "530",
      "NOOP",
      "STARTTLS",
    ]);
  });
  test("reads as many bytes as BDAT says, whatever they look like, and commands after them", () => {
    const text = `${recipient}BDAT 15\r\nQUIT\r\n.\r\nRSET\r\nBDAT 0\r\nNOOP\r\nBDAT 3 LAST\r\na\r\nRCPT TO:<c@d.test>\r\nQUIT\r\n`;
    expect(served(text).slice(3)).toEqual([
      "BDAT",
      "chunk 15",
      "BDAT",
      "chunk 0",
      "NOOP",
      "BDAT",
      "chunk 3",
      'body "QUIT\\r\\n.\\r\\nRSET\\r\\na\\r\\n" whole',
      "503",
      "QUIT",
    ]);
  });
  test.each([
    ["before EHLO", "", ["503", "NOOP", "503", "503"]],
    ["without a transaction", "EHLO a.test\r\n", ["503", "NOOP", "503", "503"]],
    ["without a recipient", "EHLO a.test\r\nMAIL FROM:<a@b.test>\r\n", ["503", "NOOP", "503", "503"]],
    ["that is switched off", recipient, ["502", "NOOP", "503", "503"]],
  ])("drops the bytes of a refused BDAT, and the transaction with it: %s", (_what, before, after) => {
    const text = `${before}BDAT 6\r\nQUIT\r\nNOOP\r\nRCPT TO:<c@d.test>\r\nDATA\r\n`;
    const seen = served(text, before === recipient ? { off: ["BDAT"] } : {});
    expect(seen.slice(-4)).toEqual(after);
  });
  test("takes neither DATA nor RCPT nor MAIL between two BDAT, and RSET ends them", () => {
    const text = `${recipient}BDAT 1\r\nxDATA\r\nRCPT TO:<c@d.test>\r\nMAIL FROM:<a@b.test>\r\nRSET\r\nBDAT 1 LAST\r\nxMAIL FROM:<a@b.test>\r\n`;
    expect(served(text).slice(3)).toEqual(["BDAT", "chunk 1", "503", "503", "503", "RSET", "503", "MAIL"]);
  });
  test("ends with a BDAT whose size cannot be read, as nobody knows where its bytes end", () => {
    for (const size of ["", "x", "-1", "1 2", "1 LASTLY", "1234567890123456", "0x10"]) {
      const machine = new ServerMachine(512);
      machine.receive(bytesOf(`EHLO a.test\r\nBDAT ${size}\r\nQUIT\r\n`));
      machine.next();
      machine.succeed("EHLO");
      expect(machine.next()).toMatchObject({ kind: "refused", close: "BDAT without a size" });
    }
  });
  test("reads lines of a login as no commands, `*` and what is no base64 as its end, and AUTH only once", () => {
    const text =
      "EHLO a.test\r\nAUTH PLAIN\r\n*\r\nAUTH PLAIN\r\nQUIT now\r\nAUTH PLAIN\r\nQU\nAUTH LOGIN\r\nQUIT\r\nAUTH LOGIN\r\nNOOP\r\n";
    expect(served(text)).toEqual([
      ...["EHLO", "AUTH", "login ended 501", "AUTH", "login ended 501", "AUTH", "login ended 501"],
      ...["AUTH", "login QUIT", "503", "NOOP"],
    ]);
  });
  test("takes lines of a login up to 12,288 bytes, an AUTH line too where it was offered, and no other", () => {
    const token = "A".repeat(12_284);
    const login = (line: string) => served(`EHLO a.test\r\nAUTH PLAIN\r\n${line}\r\nNOOP\r\n`).slice(2);
    expect(login(token)).toEqual([`login ${token}`, "NOOP"]);
    expect(login(`${token}AAAA`)).toEqual(["login ended 500", "NOOP"]);
    const line = `AUTH XOAUTH2 ${"A".repeat(1000)}\r\n`;
    expect(served(`EHLO a.test\r\n${line}NOOP\r\n`)).toEqual(["EHLO", "500", "NOOP"]);
    expect(served(`EHLO a.test\r\n${line}AAAA\r\n`, { offersLogin: true }).slice(0, 2)).toEqual(["EHLO", "AUTH"]);
    const other = `NOOP ${"A".repeat(1000)}\r\n`;
    expect(served(`EHLO a.test\r\n${other}NOOP\r\n`, { offersLogin: true })).toEqual(["EHLO", "500", "NOOP"]);
  });
  test("survives any sequence of lines and bytes, and a message needs its own MAIL and RCPT", () => {
    const piece = fc.constantFrom(
      "EHLO a.test\r\n",
      "MAIL FROM:<a@b.test>\r\n",
      "RCPT TO:<c@d.test>\r\n",
      "DATA\r\n",
      "RSET\r\n",
      "BDAT 5\r\n",
      "BDAT 9 LAST\r\n",
      "BDAT x\r\n",
      "AUTH PLAIN\r\n",
      "AAAA\r\n",
      "*\r\n",
      ".\r\n",
      "\r\n.\r\n",
      "text\r\n",
      "\n",
      "\r",
      "\0",
      "x".repeat(600),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (pieces, random) => {
          const seen = serve(randomCut(bytesOf(pieces.join("")), () => random.next().value));
          const verbs = seen
            .filter((what) => /^(?:EHLO|MAIL|RCPT|DATA|BDAT|RSET|body)/.test(what) || what.endsWith(transactionOver))
            .map((what) => (what.endsWith(transactionOver) ? "over" : what.slice(0, 4)));
          for (const [index, verb] of verbs.entries()) {
            const before = verbs[index - 1];
            if (verb === "DATA") expect(before).toBe("RCPT");
            if (verb === "BDAT") expect(["RCPT", "BDAT"]).toContain(before);
            if (verb === "RCPT") expect(["MAIL", "RCPT"]).toContain(before);
            if (verb === "MAIL") expect(["EHLO", "RSET", "body", "over"]).toContain(before);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
