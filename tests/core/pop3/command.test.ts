import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCommand, parseCommand } from "#core/pop3/command.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";

const parse = (line: string) => parseCommand(bytesOf(line), 60);

describe("a POP3 command", () => {
  it("is known by its keyword, case ignored", () => {
    expect(parse("quit")).toEqual({ verb: "QUIT" });
    expect(parse("Retr 7")).toEqual({ verb: "RETR", message: 7 });
  });

  it("has the arguments of its kind", () => {
    expect(parse("USER joe@a.test")).toEqual({ verb: "USER", name: "joe@a.test" });
    expect(parse("PASS  two  blanks ")).toEqual({ verb: "PASS", secret: " two  blanks " });
    expect(parse("LIST")).toEqual({ verb: "LIST", message: null });
    expect(parse("UIDL 2")).toEqual({ verb: "UIDL", message: 2 });
    expect(parse("TOP 1 0")).toEqual({ verb: "TOP", message: 1, lines: 0 });
    const digest = "c4c9334bac560ecc979e58001b3e22fb";
    expect(parse(`APOP mrose ${digest}`)).toEqual({ verb: "APOP", name: "mrose", digest });
  });

  it("names a user without blanks: what stands behind one, some servers do not read", () => {
    expect(parse("USER joe ")).toEqual({ verb: "USER", name: "joe" });
    const digest = "c4c9334bac560ecc979e58001b3e22fb";
    for (const line of ["USER joe x", "USER ", "USER", `APOP joe x ${digest}`, `APOP  ${digest}`]) {
      expect(parse(line)).toMatchObject({ fault: "syntax" });
    }
  });

  it("names a user without characters that cannot be seen: some servers drop them", () => {
    const digest = "c4c9334bac560ecc979e58001b3e22fb";
    // U+200B, U+202E, U+00AD, U+FEFF
    for (const hidden of ["\xe2\x80\x8b", "\xe2\x80\xae", "\xc2\xad", "\xef\xbb\xbf"]) {
      for (const line of [`USER jo${hidden}e`, `USER joe${hidden}`, `APOP ${hidden}joe ${digest}`]) {
        expect(parse(line)).toMatchObject({ fault: "syntax" });
      }
    }
  });

  it("keeps every byte of a name in UTF-8", () => {
    // U+00E0, U+0420, U+3060
    for (const name of ["voil\xc3\xa0", "\xd0\xa0", "\xe3\x81\xa0"]) {
      expect(parse(`USER  ${name} `)).toEqual({ verb: "USER", name });
    }
    expect(parse("RETR 1\xa0")).toMatchObject({ fault: "syntax" });
  });

  it.each(["RETR", "RETR x", "RETR 0", "RETR -1", "RETR 1 2", "RETR 2147483648", "TOP 1", "TOP 1 x", "QUIT now"])(
    "%s is a syntax fault",
    (line) => expect(parse(line)).toMatchObject({ fault: "syntax" }),
  );

  it.each(["XTND XMIT", "XSENDER 1", "RPOP joe", "LAST", "ETRN x", "", " USER x", "GET /", "HELO x"])(
    "%s is unknown: it is not forwarded",
    (line) => expect(parse(line)).toMatchObject({ fault: "unknown" }),
  );

  it("of HTTP is told apart: its client was led here", () => {
    for (const line of ["GET / HTTP/1.1", "POST /x HTTP/1.0", "CONNECT a:1 HTTP/1.1"]) {
      expect(parse(line)).toMatchObject({ fault: "http" });
    }
  });

  it("is AUTH with a mechanism and perhaps an initial response in base64", () => {
    expect(parse("AUTH plain")).toEqual({ verb: "AUTH", mechanism: "PLAIN", initial: null });
    expect(parse("AUTH SCRAM-SHA-256 =")).toEqual({ verb: "AUTH", mechanism: "SCRAM-SHA-256", initial: "=" });
    const token = "QUJD".repeat(100);
    expect(parse(`auth xoauth2 ${token}`)).toEqual({ verb: "AUTH", mechanism: "XOAUTH2", initial: token });
    for (const line of [
      "AUTH",
      "AUTH ",
      "AUTH PLAIN ABC",
      "AUTH PLAIN *",
      "AUTH PLAIN QUJD QUJD",
      "AUTH P~",
      "AUTH PLAIN \xff",
    ]) {
      expect(parse(line)).toMatchObject({ fault: "syntax" });
    }
  });

  it("is LANG with a tag, with * or alone", () => {
    expect(parse("LANG")).toEqual({ verb: "LANG", tag: null });
    expect(parse("LANG *")).toEqual({ verb: "LANG", tag: "*" });
    expect(parse("LANG de-CH-1996")).toEqual({ verb: "LANG", tag: "de-CH-1996" });
    for (const line of ["LANG de ch", "LANG d\u00e9", "LANG -"]) expect(parse(line)).toMatchObject({ fault: "syntax" });
  });

  it("with an argument longer than the limit is told apart, but not the token of AUTH", () => {
    expect(parse(`USER ${"x".repeat(60)}`)).toMatchObject({ verb: "USER" });
    for (const line of [
      `USER ${"x".repeat(61)}`,
      `PASS ${"x ".repeat(31)}`,
      `APOP ${"x".repeat(61)} ${"a".repeat(32)}`,
    ]) {
      expect(parse(line)).toMatchObject({ fault: "long" });
    }
  });

  it("with a control byte is a syntax fault, so that no second command rides along", () => {
    for (const byte of ["\r", "\n", "\0", "\x1b", "\x7f"]) {
      for (const verb of ["USER", "PASS", "RETR 1", "APOP"]) {
        expect(parse(`${verb} a${byte}DELE 1`)).toMatchObject({ fault: "syntax" });
      }
    }
  });

  it("is made anew for the server and means the same there", () => {
    for (const line of [
      "USER x",
      "PASS a b",
      "LIST",
      "LIST 1",
      "TOP 1 2",
      "CAPA",
      "DELE 3",
      "STLS",
      "UTF8",
      "AUTH X =",
      "LANG *",
    ]) {
      expect(encodeCommand(parse(line) as Parameters<typeof encodeCommand>[0])).toBe(`${line}\r\n`);
    }
    expect(encodeCommand(parse("retr  0007 ") as Parameters<typeof encodeCommand>[0])).toBe("RETR 7\r\n");
  });

  it("never becomes more than one line, whatever the bytes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("USER ", "PASS ", "TOP ", "LIST ", "AUTH ", "AUTH PLAIN ", "LANG ", ""),
        fc.uint8Array({ maxLength: 60 }),
        (verb, rest) => {
          const parsed = parseCommand(Uint8Array.from([...bytesOf(verb), ...rest]), 60);
          if ("fault" in parsed) return;
          expect(encodeCommand(parsed)).toMatch(/^[A-Z]{3,4}[^\r\n\0]*\r\n$/);
        },
      ),
    );
  });
});
