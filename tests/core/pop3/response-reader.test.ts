import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ResponseReader } from "#core/pop3/response-reader.ts";
import { bytesOf, randomCut, sameForEveryCut, textOf } from "../../support/chunk-invariance.ts";

function read(chunks: readonly Uint8Array[], multiLine: boolean) {
  const told = { status: "", decoded: "", wire: "", end: "", violation: null as string | null };
  const reader = new ResponseReader({ responseBytesMax: 512, authBytesMax: 2048 });
  reader.expect(multiLine, {
    status: ({ ok, text }) => (told.status = `${ok} ${text}`),
    decoded: (slice) => (told.decoded += textOf(slice)),
    wire: (slice) => (told.wire += textOf(slice)),
    end: (size) => (told.end = `${size.decodedBytes} ${size.longestLine}`),
  });
  for (const chunk of chunks) told.violation ??= reader.write(chunk);
  return { ...told, busy: reader.busy };
}

const single = (text: string) => sameForEveryCut(bytesOf(text), (chunks) => read(chunks, false));
const multi = (text: string) => sameForEveryCut(bytesOf(text), (chunks) => read(chunks, true));

describe("a single-line response", () => {
  it("is +OK or -ERR, with its text", () => {
    expect(single("+OK 2 messages\r\n")).toMatchObject({ status: "true 2 messages", end: "0 0", busy: false });
    expect(single("-ERR [AUTH] no\r\n")).toMatchObject({ status: "false [AUTH] no" });
    expect(single("+OK\r\n")).toMatchObject({ status: "true " });
  });

  it("loses its control bytes", () => {
    expect(single("+OK a\x1b[31m\x07b\r\n").status).toBe("true a [31m b");
  });

  it.each(["220 smtp.test ESMTP\r\n", "* OK IMAP\r\n", "+OKAY\r\n", "HTTP/1.1 200\r\n", "\r\n", "+ \r\n"])(
    "%j is a violation",
    (text) => expect(single(text)).toMatchObject({ status: "", violation: expect.stringContaining("neither") }),
  );

  it("longer than the cap, with a bare LF, a bare CR or a NUL is a violation", () => {
    for (const text of [`+OK ${"x".repeat(600)}\r\n`, "+OK x\n", "+OK \rx\r\n", "+OK \0\r\n"]) {
      expect(single(text).violation).toMatch(/faulty/);
    }
  });

  it("without an end is a violation once it passes the cap", () => {
    expect(single("x".repeat(511)).violation).toBeNull();
    expect(single("x".repeat(600)).violation).toMatch(/too-long/);
  });

  it("may not be followed by another that nobody asked for", () => {
    expect(read([bytesOf("+OK\r\n+OK\r\n")], false).violation).not.toBeNull();
    expect(read([bytesOf("+OK\r\n"), bytesOf("+OK\r\n")], false).violation).not.toBeNull();
  });
});

describe("a multi-line response", () => {
  it("is one line when it is -ERR", () => {
    expect(multi("-ERR no such message\r\n")).toMatchObject({ status: "false no such message", busy: false });
  });

  it("ends with CRLF.CRLF, dots undone, the wire form kept byte for byte", () => {
    const body = "a\r\n..b\r\n...\r\n.c\r\n\r\n.\r\n";
    expect(multi(`+OK\r\n${body}`)).toMatchObject({
      decoded: "a\r\n.b\r\n..\r\nc\r\n\r\n",
      wire: body,
      end: "16 0",
      busy: false,
    });
  });

  it("tells its longest line from 513 octets on, however it comes", () => {
    const longest = (lines: readonly number[]) =>
      multi(`+OK\r\n${lines.map((bytes) => `${"x".repeat(bytes - 2)}\r\n`).join("")}.\r\n`).end.split(" ")[1];
    expect(longest([100, 512, 2])).toBe("0");
    expect(longest([100, 513, 2, 512])).toBe("513");
    expect(longest([600, 700, 650, 2, 700, 20])).toBe("700");
    expect(longest([2, 2, 2, 1500, 1499, 1501, 3])).toBe("1501");
  });

  it("may be empty", () => {
    expect(multi("+OK\r\n.\r\n")).toMatchObject({ decoded: "", end: "0 0", busy: false });
  });

  it("is not ended by a dot between other line ends, and keeps such bytes", () => {
    const odd = "a\n.\nb\r.\rc\r\n.\rd\r\n.\n\r\n\r.\r\ne\n.\r\nf\0\r\n";
    const { wire, decoded, busy } = multi(`+OK\r\n${odd}.\r\n`);
    expect(wire).toBe(`${odd}.\r\n`);
    expect(decoded).toBe("a\n.\nb\r.\rc\r\n\rd\r\n\n\r\n\r.\r\ne\n.\r\nf\0\r\n");
    expect(busy).toBe(false);
  });

  it("may not be followed by anything", () => {
    expect(read([bytesOf("+OK\r\na\r\n.\r\n+OK\r\n")], true).violation).not.toBeNull();
  });

  it("is read the same however it is cut, whatever the bytes", () => {
    const piece = fc.constantFrom("\r", "\n", "\r\n", ".", "..", "a", "\0", "\r\n.");
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (pieces, numbers) => {
          // The decoder stops at the first end mark; here there is exactly one. Taking one out can make another.
          let body = pieces.join("");
          while (body.includes("\r\n.\r\n")) body = body.replaceAll("\r\n.\r\n", "");
          const bytes = bytesOf(`+OK\r\nx${body}x\r\n.\r\n`);
          const whole = read([bytes], true);
          expect(
            read(
              randomCut(bytes, () => numbers.next().value ?? 0.5),
              true,
            ),
          ).toEqual(whole);
        },
      ),
    );
  });
});

describe("an answer to a line of AUTH", () => {
  function exchange(chunks: readonly Uint8Array[]) {
    const told = { challenge: null as string | null, status: null as string | null, violation: null as string | null };
    const reader = new ResponseReader({ responseBytesMax: 512, authBytesMax: 2048 });
    reader.expectExchange({
      challenge: (text) => (told.challenge = text),
      status: ({ ok, text }) => (told.status = `${ok} ${text}`),
    });
    for (const chunk of chunks) told.violation ??= reader.write(chunk);
    return { ...told, busy: reader.busy };
  }
  const heard = (text: string) => sameForEveryCut(bytesOf(text), exchange);

  it("is a challenge in base64 or the status that ends the exchange", () => {
    expect(heard("+ aGVsbG8=\r\n")).toMatchObject({ challenge: "aGVsbG8=", status: null, busy: false });
    expect(heard("+OK logged in\r\n")).toMatchObject({ challenge: null, status: "true logged in", busy: false });
    expect(heard("-ERR [AUTH] no\r\n")).toMatchObject({ status: "false [AUTH] no" });
  });

  it.each(["+ \r\n", "+\r\n"])("%j is an empty challenge", (text) => expect(heard(text).challenge).toBe(""));

  it("may be longer than another answer, up to its own cap", () => {
    expect(heard(`+ ${"A".repeat(2044)}\r\n`).challenge).toHaveLength(2044);
    expect(heard(`+ ${"A".repeat(2045)}\r\n`)).toMatchObject({
      challenge: null,
      violation: expect.stringMatching(/too-long/),
    });
  });

  it.each(["+ no base64!\r\n", "334 aGVsbG8=\r\n", "+aGVsbG8=\r\n", "\r\n"])("%j is a violation", (text) => {
    expect(heard(text)).toMatchObject({ challenge: null, status: null, violation: expect.stringContaining("neither") });
  });

  it("may not be followed by anything", () => {
    expect(exchange([bytesOf("+ YQ==\r\n+OK\r\n")]).violation).toMatch(/more than one/);
    expect(exchange([bytesOf("+ YQ==\r\n"), bytesOf("+OK\r\n")]).violation).toMatch(/nobody asked for/);
  });
});
