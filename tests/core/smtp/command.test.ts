import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noCapabilities, offeredCapabilities } from "#core/smtp/capabilities.ts";
import { readCommand } from "#core/smtp/command.ts";
import { readMailParameters, readParameters, readRecipientParameters } from "#core/smtp/parameters.ts";
import { everyOffer } from "../../support/every-offer.ts";

function read(text: string) {
  return readCommand(new TextEncoder().encode(text));
}

function code(text: string): string {
  const line = read(text);
  return line.ok ? line.command.verb : `${line.reply.code} ${line.reply.enhanced}`;
}

describe("readCommand", () => {
  test.each([
    ["EHLO client.test", "EHLO"],
    ["ehlo [192.0.2.1]", "EHLO"],
    ["mail from:<a@b.test>", "MAIL"],
    ["MAIL FROM: <a@b.test> SIZE=10 BODY=8BITMIME", "MAIL"],
    ["MAIL FROM:<>", "MAIL"],
    ["RCPT TO:<a@b.test> NOTIFY=NEVER", "RCPT"],
    ["DATA ", "DATA"],
    ["NOOP anything at all", "NOOP"],
    ["VRFY a", "VRFY"],
    ["HELP", "HELP"],
    ["starttls", "STARTTLS"],
  ])("reads %s", (text, verb) => {
    expect(code(text)).toBe(verb);
  });

  test.each([
    ["", "500 5.5.1"],
    ["XYZZY", "500 5.5.1"],
    ["MA\u0131L FROM:<a@b.test>", "500 5.5.2"],
    ["STARTTLS now", "501 5.5.4"],
    ["EHLO", "501 5.5.4"],
    ["EHLO a b", "501 5.5.4"],
    ["MAIL a@b.test", "501 5.5.4"],
    ["MAIL FROM:a@b.test", "553 5.1.7"],
    ["MAIL FROM:<a>", "553 5.1.7"],
    ["MAIL FROM:<postmaster>", "553 5.1.7"],
    ["MAIL FROM:<a@b.test>SIZE=1", "501 5.5.4"],
    ["MAIL FROM:<a@b.test> SIZE=1 SIZE=2", "501 5.5.4"],
    ["MAIL FROM:<a@b.test> SIZE=", "501 5.5.4"],
    ["RCPT TO:<>", "553 5.1.3"],
    ["RCPT TO:<a@b.test\u0085>", "500 5.5.2"],
    ["DATA now", "501 5.5.4"],
    ["RSET now", "501 5.5.4"],
    ["VRFY", "501 5.5.4"],
    ["VRFY ä", "500 5.5.2"],
    ["NOOP a\u001bb", "500 5.5.2"],
    ["NOOP a\tb", "500 5.5.2"],
  ])("answers %j with %s", (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  test("refuses bytes that are not UTF-8", () => {
    expect(readCommand(Uint8Array.of(0x4d, 0xff))).toMatchObject({ ok: false, reply: { code: 500 } });
  });
  test("ends the session when HTTP is spoken", () => {
    expect(read("POST / HTTP/1.1")).toMatchObject({
      ok: false,
      close: "another protocol is spoken",
      reply: { code: 554 },
    });
  });
  test("answers any bytes without throwing", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom("", "MAIL FROM:<", "RCPT TO:<", "EHLO "),
        (bytes, start) => {
          readCommand(Uint8Array.from([...new TextEncoder().encode(start), ...bytes]));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("parameters", () => {
  const all = offeredCapabilities(
    { ...noCapabilities, eightBitMime: true, smtpUtf8: true, dsn: true, pipelining: true, size: 0, auth: ["PLAIN"] },
    { ...everyOffer, auth: ["PLAIN"] },
  );

  function mail(text: string, offered = all) {
    const parameters = readParameters(text);
    return parameters === null ? "unreadable" : readMailParameters(parameters, offered);
  }

  test("gives MAIL's parameters, those that travel on without SIZE", () => {
    expect(mail(" SIZE=77 BODY=8bitmime SMTPUTF8 RET=HDRS ENVID=a+2Bb")).toEqual({
      ok: true,
      value: {
        size: 77,
        eightBit: true,
        smtpUtf8: true,
        dsn: true,
        auth: null,
        passed: ["BODY=8bitmime", "SMTPUTF8", "RET=HDRS", "ENVID=a+2Bb"],
      },
    });
  });
  test.each(["X=1", "BY=3;R", "HOLDFOR=3", "REQUIRETLS", "BODY=BINARYMIME", "BODY=binarymime"])(
    "does not know %s",
    (text) => {
      expect(mail(` ${text}`)).toEqual({ ok: false, problem: "unknown" });
    },
  );
  test.each(["BODY=8BITMIME", "SMTPUTF8", "RET=FULL", "ENVID=a", "SIZE=1", "AUTH=<>", "AUTH=a@b.test"])(
    "knows %s only where it was offered",
    (text) => {
      expect(mail(` ${text}`)).toMatchObject({ ok: true });
      expect(mail(` ${text}`, noCapabilities)).toEqual({ ok: false, problem: "unknown" });
    },
  );
  test.each([
    "SIZE=1x",
    "SIZE",
    "BODY=9BIT",
    "SMTPUTF8=1",
    "AUTH",
    "AUTH=a+0D",
    "RET=ALL",
    "ENVID=a+0D+0Ab",
    "ENVID=a+",
    "ENVID=+0d",
  ])("refuses %s", (text) => {
    expect(mail(` ${text}`)).toEqual({ ok: false, problem: "syntax" });
  });
  test("gives AUTH apart: whether it may go on hangs on the session", () => {
    expect(mail(" AUTH=e+2Bmc2@c.test")).toMatchObject({ ok: true, value: { auth: "e+2Bmc2@c.test", passed: [] } });
    expect(mail(" AUTH=<>")).toMatchObject({ ok: true, value: { auth: "<>", passed: [] } });
  });
  test("reads NOTIFY and ORCPT of a recipient", () => {
    const read = (text: string) => readRecipientParameters(readParameters(text) ?? [], all);
    expect(read(" NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+2Bb@c.test")).toEqual({
      ok: true,
      value: ["NOTIFY=SUCCESS,DELAY", "ORCPT=rfc822;a+2Bb@c.test"],
    });
    for (const bad of ["NOTIFY=NEVER,DELAY", "NOTIFY=DELAY,DELAY", "NOTIFY", "ORCPT=a", "ORCPT=rfc822;a+0A"]) {
      expect(read(` ${bad}`)).toEqual({ ok: false, problem: "syntax" });
    }
    expect(read(" SIZE=1")).toEqual({ ok: false, problem: "unknown" });
  });
});
