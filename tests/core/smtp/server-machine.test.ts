import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DotDecoder } from "#core/bytes/dot-decoder.ts";
import { ServerMachine } from "#core/smtp/server-machine.ts";
import { serverStates } from "#core/smtp/states.ts";
import { bytesOf, randomCut, sameForEveryCut, textOf } from "../../support/chunk-invariance.ts";

/** Takes every command at once, as a server does that refuses nothing. */
function serve(chunks: readonly Uint8Array[], commandBytesMax = 512): string[] {
  const machine = new ServerMachine(commandBytesMax);
  const seen: string[] = [];
  let body = "";
  let decoder: DotDecoder | null = null;
  const pump = () => {
    if (decoder?.ended) {
      seen.push(`body ${JSON.stringify(body)} ${decoder.fault ?? "whole"}`);
      body = "";
      decoder = null;
      machine.endTransaction();
    }
    for (let input = machine.next(); input !== null; input = machine.next()) {
      if (input.kind === "refused") {
        seen.push(`${input.reply.code}`);
        continue;
      }
      const { verb } = input.command;
      seen.push(verb);
      machine.succeed(verb);
      if (verb !== "DATA") continue;
      decoder = new DotDecoder(1000, {
        text: (slice) => {
          body += textOf(slice);
        },
        stuffedDot: () => undefined,
      });
      machine.beginBody(decoder);
    }
  };
  for (const chunk of chunks) {
    machine.receive(chunk);
    pump();
  }
  expect(serverStates).toContain(machine.state);
  return seen;
}

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
    expect(sameForEveryCut(before, serve)).toEqual(["EHLO", "MAIL", "RCPT", "DATA"]);
  });
  test("refuses faulty lines in any state and stays there", () => {
    expect(
      sameForEveryCut(bytesOf("EHLO a.test\r\nNO\rOP\r\nNOOP\nRS\0ET\r\nMAIL FROM:<a@b.test>\r\n"), serve),
    ).toEqual(["EHLO", "500", "500", "500", "MAIL"]);
  });
  test("survives any sequence of lines and bytes, and a message needs its own MAIL and RCPT", () => {
    const piece = fc.constantFrom(
      "EHLO a.test\r\n",
      "MAIL FROM:<a@b.test>\r\n",
      "RCPT TO:<c@d.test>\r\n",
      "DATA\r\n",
      "RSET\r\n",
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
            .filter((what) => /^(?:EHLO|MAIL|RCPT|DATA|RSET|body)/.test(what))
            .map((what) => what.slice(0, 4));
          for (const [index, verb] of verbs.entries()) {
            const before = verbs[index - 1];
            if (verb === "DATA") expect(before).toBe("RCPT");
            if (verb === "RCPT") expect(["MAIL", "RCPT"]).toContain(before);
            if (verb === "MAIL") expect(["EHLO", "RSET", "body"]).toContain(before);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
