import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClientMachine } from "#core/smtp/client-machine.ts";
import { formatReply, reply, replyText } from "#core/smtp/reply.ts";
import type { ClientStep } from "#core/smtp/states.ts";
import { bytesOf, sameForEveryCut } from "../../support/chunk-invariance.ts";

function read(text: string, ...steps: ClientStep[]): string[] {
  return sameForEveryCut(bytesOf(text), (chunks) => {
    const machine = new ClientMachine();
    for (const step of steps) machine.expect(step);
    const seen: string[] = [];
    for (const chunk of chunks) {
      machine.receive(chunk);
      for (let input = machine.next(); input !== null; input = machine.next()) {
        if (input.kind === "fault") seen.push(`fault: ${input.cause}`);
        else seen.push(`${input.kind === "early" ? "early" : input.step}: ${replyText(input.reply)}`);
      }
    }
    return seen;
  });
}

describe("ClientMachine", () => {
  test("gives the replies to the steps in their order", () => {
    expect(read("250 2.1.0 ok\r\n550 5.1.1 no\r\n354\r\n", "MAIL", "RCPT", "DATA")).toEqual([
      "MAIL: 250 2.1.0 ok",
      "RCPT: 550 5.1.1 no",
      "DATA: 354",
    ]);
  });
  test("reads a reply of several lines and takes the enhanced code off each", () => {
    expect(read("550-5.7.1 one\r\n550-5.7.1 two\r\n550 5.7.1 three\r\n", "RCPT")).toEqual([
      "RCPT: 550 5.7.1 one two three",
    ]);
  });
  test("takes a last line without text", () => {
    expect(read("250-\r\n250\r\n", "RSET")).toEqual(["RSET: 250"]);
  });
  test("does not take an enhanced code of another class for one", () => {
    expect(read("550 2.0.0 no\r\n", "RCPT")).toEqual(["RCPT: 550 2.0.0 no"]);
  });
  test("gives a 334 as the answer to AUTH and to each line of an exchange, with its challenge", () => {
    expect(read("334 VXNlcm5hbWU6\r\n334\r\n235 2.7.0 ok\r\n", "AUTH", "AUTH", "AUTH")).toEqual([
      "AUTH: 334 VXNlcm5hbWU6",
      "AUTH: 334",
      "AUTH: 235 2.7.0 ok",
    ]);
  });
  test("takes no other 3xx for the one that goes on: a message would be given up as sent", () => {
    expect(read("334 more\r\n", "DATA")).toEqual(["fault: 334 is no answer to DATA"]);
    expect(read("354 go on\r\n", "AUTH")).toEqual(["fault: 354 is no answer to AUTH"]);
  });
  test("calls a reply that nothing asked for early", () => {
    expect(read("250 ok\r\n421 bye\r\n", "MAIL")).toEqual(["MAIL: 250 ok", "early: 421 bye"]);
  });
  test.each([
    ["HTTP/1.1 400 Bad Request\r\n", /not a reply/],
    ["1000 x\r\n", /not a reply/],
    ["25 x\r\n", /not a reply/],
    ["199 x\r\n", /not a reply/],
    ["250_x\r\n", /not a reply/],
    ["250-a\r\n251 b\r\n", /two codes/],
    ["354 go\r\n", /no answer to RCPT/],
    ["250 a\n", /bare-lf/],
    ["250 a\rb\r\n", /bare-cr/],
    ["250 a\0b\r\n", /nul/],
  ])("calls %j a fault and reads nothing more", (text, cause) => {
    const seen = read(`${text}250 ok\r\n`, "RCPT", "RCPT");
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(cause);
  });
  test("makes control bytes and bytes outside ASCII harmless", () => {
    expect(read("550 a\x1b[31m\xe9\tb\r\n", "RCPT")).toEqual(["RCPT: 550 a?[31m??b"]);
  });
  test("calls an endless reply and an endless line a fault at their caps", () => {
    const machine = new ClientMachine();
    machine.expect("EHLO");
    machine.receive(bytesOf("250-a\r\n".repeat(129)));
    expect(machine.next()).toMatchObject({ kind: "fault" });
    const other = new ClientMachine();
    other.receive(bytesOf(`250 ${"x".repeat(3000)}\r\n`));
    expect(other.next()).toMatchObject({ kind: "fault", cause: "reply line too-long" });
  });
  test("answers any bytes without throwing", () => {
    const piece = fc.constantFrom("250", "-", " ", "\r\n", "5.7.1", "x", "\n", "\r", "354", "\u00ff");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const machine = new ClientMachine();
        machine.expect("MAIL");
        machine.receive(bytesOf(pieces.join("")));
        for (let n = 0; n < 40 && machine.next() !== null; n++);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("replies of ours", () => {
  test("carry code and enhanced code on every line", () => {
    expect(formatReply({ code: 550, enhanced: "5.7.1", lines: ["a", "b"] })).toBe("550-5.7.1 a\r\n550 5.7.1 b\r\n");
  });
  test("are printable ASCII and at most 512 bytes a line", () => {
    expect(formatReply(reply(250, null, "a\r\n250 b\u00e9"))).toBe("250 a??250 b?\r\n");
    expect(formatReply(reply(250, null, "x".repeat(2000)))).toHaveLength(512);
  });
});
