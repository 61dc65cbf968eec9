import { describe, expect, it } from "vitest";
import { MessageInspector } from "#core/message/inspector.ts";
import type { Part } from "#core/message/part.ts";
import { bytesOf, randomCut, sameForEveryCut, textOf } from "../../support/chunk-invariance.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { generatedMessage } from "./differential/generated-message.ts";

type Placed = {
  /** Every field of the message's own header as it stands in the message, and where the empty line begins. */
  fields: string[];
  headerEnd: number;
  parts: Part[];
  /** What came as the content of parts that are not encoded, by number. */
  contents: [number, string][];
};

function placed(message: Uint8Array, chunks: readonly Uint8Array[]): Placed {
  const told: Placed = { fields: [], headerEnd: -1, parts: [], contents: [] };
  const contents = new Map<number, string>();
  const inspector = new MessageInspector(
    { header: true, attachment: true, content: true },
    {
      headerLine: ({ start, end }) => told.fields.push(textOf(message.subarray(start, end))),
      headersEnd: (at) => {
        told.headerEnd = at;
      },
      part: (part) => told.parts.push(part),
      partBody: ({ number, transferEncodings }, piece) => {
        if (transferEncodings.some((encoding) => !/^[78]bit$/.test(encoding))) return;
        contents.set(number, (contents.get(number) ?? "") + textOf(piece));
      },
      partEnd: () => {},
      ambiguous: () => {},
      unscannable: () => {},
    },
  );
  for (const chunk of chunks) inspector.write(chunk);
  inspector.end();
  told.contents = [...contents];
  return told;
}

/** The message put together again from its places: header, what stands between parts, headers and bodies of parts. */
function together(message: string, { fields, headerEnd, parts }: Placed): string {
  let text = fields.join("");
  expect(headerEnd).toBe(text.length);
  let at = headerEnd;
  const leaves = parts.filter(
    ({ place, contentTypes: [type = ""] }) => place !== null && !/^(?:message|multipart)\//.test(type),
  );
  for (const { place } of leaves) {
    if (place === null) continue;
    const { headerStart, bodyStart, bodyEnd } = place;
    expect(bodyStart).toBeGreaterThanOrEqual(Math.max(at, headerStart));
    expect(bodyEnd).toBeGreaterThanOrEqual(bodyStart);
    text += message.slice(at, bodyStart) + message.slice(bodyStart, bodyEnd);
    at = bodyEnd;
    // RFC 2046 §5.1.1: the line break before a delimiter is the delimiter's.
    expect(message.slice(bodyEnd)).toMatch(/^(?:\r\n--|--|$)/);
  }
  return text + message.slice(at);
}

describe("the places of a message's parts", () => {
  it("cover it byte for byte, for every cut; what is not encoded is told as it stands", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 5; round++) {
      const text = generatedMessage(random);
      const message = bytesOf(text);
      const told = sameForEveryCut(message, (chunks) => placed(message, chunks));
      expect(together(text, told)).toBe(text);
    }
  }, 60_000);

  const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
  it(`cover 300 other messages, however they are cut (seed ${seed})`, () => {
    const random = seededRandom(seed);
    for (let round = 0; round < 300; round++) {
      const text = generatedMessage(random);
      const message = bytesOf(text);
      const told = placed(message, randomCut(message, random));
      expect(told).toEqual(placed(message, [message]));
      expect(together(text, told)).toBe(text);
      for (const [number, content] of told.contents) {
        const place = told.parts.find((part) => part.number === number)?.place;
        expect(content).toBe(text.slice(place?.bodyStart, place?.bodyEnd));
      }
    }
  });

  it("of a file inside a text are those of its lines", () => {
    const text = "Subject: x\r\n\r\nhello\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\nbye\r\n";
    const [, file] = placed(bytesOf(text), [bytesOf(text)]).parts;
    expect(text.slice(file?.place?.headerStart, file?.place?.bodyEnd)).toBe("begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n");
  });

  it("are not told inside of what is encoded: there the part around it is named", () => {
    const inner = Buffer.from("Content-Disposition: attachment; filename=a.txt\r\n\r\nx").toString("base64");
    const text = `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${inner}`;
    const { parts } = placed(bytesOf(text), [bytesOf(text)]);
    expect(parts.at(-1)).toMatchObject({ fileNames: ["a.txt"], place: null, enclosingEncoded: 1 });
    expect(parts[0]?.place).not.toBeNull();
  });
});
