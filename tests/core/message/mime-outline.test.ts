import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, randomCut } from "../../support/chunk-invariance.ts";
import { fileNamesOf, inspect, inspectChunks } from "../../support/inspected.ts";

const evil = 'Content-Disposition: attachment; filename="evil.exe"\n\nMZ\n';
const mixed = 'Content-Type: multipart/mixed; boundary="b"\n\n';

function nested(levels: number): string {
  let text = "";
  for (let level = 0; level < levels; level++) {
    text += `Content-Type: multipart/mixed; boundary="level${level}."\n\n--level${level}.\n`;
  }
  return text + evil;
}

function base64(text: string): string {
  return Buffer.from(text.replaceAll("\n", "\r\n"))
    .toString("base64")
    .replace(/.{1,76}/g, "$&\n");
}

describe("the outline of a message", () => {
  it("is one text part when no header says otherwise", () => {
    expect(inspect("Subject: hello\n\ntext\n").parts).toMatchObject([
      { number: 1, form: "mime", contentTypes: ["text/plain"], fileNames: [], attachment: false },
    ]);
  });

  it("lists the leaves of nested multiparts in order", () => {
    const message = `${mixed}preamble\n--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nplain\n--c\nContent-Type: text/html\n\n<p>\n--c--\n--b\n${evil}--b--\nepilogue\n`;
    const { parts, summary } = inspect(message);
    expect(parts.map((part) => part.contentTypes[0])).toEqual(["text/plain", "text/html", "text/plain"]);
    expect(summary.attachments).toEqual([{ fileName: "evil.exe", contentType: "text/plain" }]);
    expect(summary.attachmentCount).toBe(1);
  });

  it("looks into an attached message", () => {
    const message = `${mixed}--b\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: multipart/mixed; boundary=c\n\n--c\n${evil}--c--\n--b--\n`;
    expect(fileNamesOf(message)).toContain("evil.exe");
  });

  it("takes a part of a digest for a message", () => {
    const message = `Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: inner\n${evil}--b--\n`;
    expect(fileNamesOf(message)).toContain("evil.exe");
  });

  it("looks into an attached message that is encoded", () => {
    for (const encoding of ["base64", "BASE64 (as it is)", '"base64"']) {
      const body = base64(`Subject: inner\n${evil}`);
      const message = `${mixed}--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: ${encoding}\n\n${body}--b--\n`;
      expect(fileNamesOf(message)).toContain("evil.exe");
    }
  });

  it("looks into a multipart that is encoded, also behind a plain decoy", () => {
    const hidden = base64(`--c\n${evil}--c--\n`);
    const head = "Content-Type: multipart/mixed; boundary=c\nContent-Transfer-Encoding: base64\n\n";
    expect(fileNamesOf(`${head}${hidden}`)).toContain("evil.exe");
    const quoted = "=2D-c\nContent-Disposition: attachment; filename=3D=22evil.=\nexe=22\n\nMZ\n";
    expect(fileNamesOf(`${head.replace("base64", "quoted-printable")}--c\n\ndecoy\n${quoted}`)).toContain("evil.exe");
  });

  it("takes a message that claims to be encoded as it stands too", () => {
    const message = `Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nSubject: inner\n${evil}`;
    expect(fileNamesOf(message)).toContain("evil.exe");
  });

  it("finds a uuencoded file in plain text", () => {
    expect(fileNamesOf("Subject: x\n\nhello\nbegin 644 evil.exe\nM...\nend\n")).toContain("evil.exe");
    expect(fileNamesOf("Subject: x\n\nbegin anew, and 644 times\n")).toEqual([]);
  });
});

describe("a part is found in spite of", () => {
  const cases: [string, string][] = [
    ["two boundaries, the first in use", `Content-Type: multipart/mixed; boundary=b; boundary=x\n\n--b\n${evil}`],
    ["two boundaries, the last in use", `Content-Type: multipart/mixed; boundary=x; boundary=b\n\n--b\n${evil}`],
    ["two Content-Types", `Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n\n--b\n${evil}`],
    ["a boundary in RFC 2231 form", `Content-Type: multipart/mixed; boundary*0=b; boundary*1=c\n\n--bc\n${evil}`],
    ["a boundary in an encoded word", `Content-Type: multipart/mixed; boundary="=?utf-8?Q?b?="\n\n--b\n${evil}`],
    ["a boundary in escapes", `Content-Type: multipart/mixed; boundary*=us-ascii''%62\n\n--b\n${evil}`],
    ["blanks after the delimiter", `${mixed}--b  \t\n${evil}`],
    ["text after the delimiter", `${mixed}--b junk\n${evil}`],
    ["blanks at the end of the boundary", `Content-Type: multipart/mixed; boundary="b  "\n\n--b\n${evil}`],
    ["no closing delimiter", `${mixed}--b\n\ntext\n--b\n${evil}`],
    ["a closing delimiter before it", `${mixed}--b--\n--b\n${evil}`],
    ["a boundary that begins another", `${mixed}--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n${evil}`],
    ["an inner part of the outer boundary", `${mixed}--b\nContent-Type: multipart/mixed; boundary=c\n\n--b\n${evil}`],
    ["a header line that is none", `${mixed}--b\nthis is no field\n${evil}`],
    ["a header without an empty line", `${mixed}--b\nContent-Type: text/plain\n--b\n${evil}`],
    ["a type with blanks", `Content-Type: multipart / mixed; boundary=b\n\n--b\n${evil}`],
    ["a type that is no multipart", `Content-Type: foo/bar; boundary=b\n\n--b\n${evil}`],
    ["no empty line at the end of the message", `${mixed}--b\nContent-Disposition: attachment; filename=evil.exe`],
  ];
  it.each(cases)("%s", (_, message) => {
    expect(fileNamesOf(message)).toContain("evil.exe");
  });

  it("bare LF line ends", () => {
    const { parts } = inspectChunks([bytesOf(`${mixed}--b\n${evil}`)]);
    expect(parts.flatMap((part) => part.fileNames)).toContain("evil.exe");
  });
});

describe("a message is called unscannable when", () => {
  const parse = (message: string) => inspectChunks([bytesOf(message.replaceAll("\n", "\r\n"))]).unscannable;

  it("it has more than 1000 parts", () => {
    expect(parse(mixed + "--b\n\n".repeat(999))).toEqual([]);
    expect(parse(mixed + "--b\n\n".repeat(1000))).toEqual(["the message has more than 1000 parts"]);
  });

  it("its parts are nested deeper than 100", () => {
    expect(parse(nested(100))).toEqual([]);
    expect(parse(nested(101))).toEqual(["parts are nested deeper than 100"]);
  });

  it("a header is larger than 1 MiB, in one line or in many", () => {
    expect(parse(`X: ${"a".repeat(1_048_600)}\n\n`)).toEqual(["a header is larger than 1 MiB"]);
    expect(parse(`X: ${"a".repeat(10_000)}\n`.repeat(110))).toEqual(["a header is larger than 1 MiB"]);
    expect(parse(`${"no colon ".repeat(1_000)}\n`.repeat(120))).toEqual(["a header is larger than 1 MiB"]);
    expect(parse(`${mixed}--b\nX: ${`a\n ${"a".repeat(10_000)}`.repeat(110)}\n`)).toEqual([
      "a header is larger than 1 MiB",
    ]);
  });

  it("a header has more than 2000 fields", () => {
    expect(parse("X: a\n".repeat(2001))).toEqual(["a header has more than 2000 fields"]);
  });

  it("a structural field is longer than 64 KiB", () => {
    expect(parse(`Content-Type: text/plain; x=${"a".repeat(65_536)}\n\n`)).toHaveLength(1);
  });

  it("a structural field has more than 500 parameters", () => {
    expect(parse(`Content-Type: text/plain${";a=b".repeat(501)}\n\n`)).toHaveLength(1);
  });

  it("a boundary is empty or longer than 250 bytes", () => {
    expect(parse('Content-Type: multipart/mixed; boundary=""\n\n')).toHaveLength(1);
    expect(parse(`Content-Type: multipart/mixed; boundary="${"b".repeat(251)}"\n\n`)).toHaveLength(1);
  });

  it("a bare CR stands before or in a delimiter line", () => {
    expect(parse(`${mixed}text\r--b\n${evil}`)).toEqual(["a bare CR stands before a delimiter"]);
    expect(parse(`${mixed}--b\rContent-Disposition: attachment\r\rMZ\n`)).toHaveLength(1);
    expect(parse("Content-Type: multipart/mixed; boundary=b\r\r--b\r\rMZ\n\n")).toHaveLength(1);
    expect(parse("Subject: x\n\ntext\r-- \n")).toEqual([]);
  });

  it("a bare CR stands in a delimiter line: what came before was told, wherever the message was cut", () => {
    const { contents, unscannable } = inspect("Content-Type: boundary=b\n\n-text\n--b\r\r\n");
    expect(unscannable).toEqual(["a bare CR stands in a delimiter line"]);
    expect(contents).toEqual({ 1: "-text" });
  });

  it("encoded messages stand in each other more than 4 deep", () => {
    let message = evil;
    for (let level = 0; level < 5; level++) {
      message = `Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${base64(message)}`;
    }
    expect(parse(message)).toEqual(["too many encoded messages inside each other"]);
  });
});

describe("whatever the bytes", () => {
  const line = fc.constantFrom(
    "--b",
    "--b--",
    "--c",
    "",
    "Content-Type: multipart/mixed; boundary=b",
    "Content-Type: message/rfc822; boundary=c",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    'Content-Disposition: attachment; filename="a=?utf-8?Q?b',
    " folded",
    "begin 644 a",
    "LS1iDQo=",
    "=2D-b=",
    "text",
    "-",
  );

  it("the cut of the chunks does not matter", () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 30 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (lines, numbers) => {
          const bytes = bytesOf(lines.join("\r\n"));
          const random = () => numbers.next().value ?? 0.5;
          expect(inspectChunks(randomCut(bytes, random))).toEqual(inspectChunks([bytes]));
        },
      ),
    );
  });

  it("nothing throws", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string({ unit: "binary" })), { maxLength: 30 }), (lines) => {
        inspectChunks([Buffer.from(lines.join("\n"))]);
      }),
    );
  });
});

describe("content that stands where a header should", () => {
  const eicar = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
  const inPart = (head: string, body: string) => inspect(`${mixed}--b\n${head}\n${body}\n--b--\n`);

  it("is content of its own from the line on that is no field, up to a delimiter", () => {
    const { parts, contents, ended } = inPart("Content-Type: message/rfc822\n", `${eicar}\nmore`);
    const [message, stray] = parts;
    expect(message).toMatchObject({ number: 1, contentTypes: ["message/rfc822"] });
    expect(stray).toMatchObject({ number: 2, contentTypes: ["text/plain"], place: null, enclosingEncoded: null });
    expect(contents[2]).toBe(`${eicar}\r\nmore`);
    expect(ended).toContain(2);
  });

  it("is decoded where the message inside is encoded, and what would be edited is that message", () => {
    const { parts, contents } = inPart(
      "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n",
      base64(`${eicar}\n`),
    );
    expect(contents[2]).toBe(`${eicar}\r\n`);
    expect(parts[1]).toMatchObject({ place: null, enclosingEncoded: 1 });
    expect(Object.values(contents)).toEqual([`${eicar}\r\n`]);
  });

  it("is found behind fields, and in the header of a part", () => {
    expect(inPart("Content-Type: message/rfc822\n", `Subject: x\n${eicar}\n\ntext`).contents[2]).toBe(
      `${eicar}\r\n\r\ntext`,
    );
    expect(inspect(`${mixed}--b\n${eicar}\n--b--\n`).contents[1]).toBe(eicar);
  });

  it("is not the line that mailbox files put before a message", () => {
    expect(inPart("Content-Type: message/rfc822\n", "From a@b.test Fri Nov 27\nSubject: x\n\ntext").parts).toHaveLength(
      2,
    );
  });

  it("is read of so many headers only: with more the message cannot be inspected", () => {
    const nestedMessages = (count: number) =>
      inspectChunks([
        bytesOf(`${"no field\r\nContent-Type: message/rfc822\r\n\r\n".repeat(count)}Subject: x\r\n\r\ntext`),
      ]).unscannable;
    expect(nestedMessages(16)).toEqual([]);
    expect(nestedMessages(17)).toEqual(["more than 16 headers have a line that is no field"]);
  });

  it("of a part that is a message to some and a file to others is read as both", () => {
    const head = "Content-Type: application/octet-stream; name=a.dat\nContent-Type: message/rfc822\n";
    const { parts, contents } = inPart(head, "Subject: x\n\ntext");
    expect(parts.map(({ contentTypes }) => contentTypes)).toEqual([
      ["application/octet-stream", "message/rfc822"],
      ["text/plain"],
    ]);
    expect(contents).toEqual({ 1: "Subject: x\r\n\r\ntext", 2: "text" });
  });
});
