import { describe, expect, it } from "vitest";
import { DotStuffer } from "#core/bytes/dot-stuffer.ts";
import { DotUnstuffer } from "#core/bytes/dot-unstuffer.ts";
import { bytesOf, sameForEveryCut } from "../../support/chunk-invariance.ts";
import { seededRandom } from "../../support/seeded-random.ts";

function stuffedBy(chunks: readonly Uint8Array[]): string {
  let text = "";
  const stuffer = new DotStuffer((slice) => {
    text += Buffer.from(slice).toString("latin1");
  });
  for (const chunk of chunks) stuffer.write(chunk);
  stuffer.end();
  return text;
}

const stuff = (text: string) => sameForEveryCut(bytesOf(text), stuffedBy);

describe("stuffing dots and nothing else", () => {
  it("puts a dot before each line that begins with one", () => {
    expect(stuff(".\r\n..a\r\nb.\r\n")).toBe("..\r\n...a\r\nb.\r\n.\r\n");
  });

  it("leaves bare CR and LF as they are: they make no line", () => {
    expect(stuff("a\n.b\r.c\r\r\n.d\r\n")).toBe("a\n.b\r.c\r\r\n..d\r\n.\r\n");
  });

  it("ends a last line that is open", () => {
    expect(stuff("a")).toBe("a\r\n.\r\n");
    expect(stuff("a\r")).toBe("a\r\r\n.\r\n");
    expect(stuff("")).toBe(".\r\n");
  });

  it("is undone to the same bytes, whatever they are", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 500; round++) {
      const text = `${Array.from({ length: 30 }, () => ["\r", "\n", ".", "x", "\r\n"][Math.floor(random() * 5)]).join("")}\r\n`;
      let undone = "";
      const unstuffer = new DotUnstuffer((slice) => {
        undone += Buffer.from(slice).toString("latin1");
      });
      unstuffer.write(bytesOf(stuffedBy([bytesOf(text)])));
      expect(unstuffer.ended).toBe(true);
      expect(undone).toBe(text);
    }
  });
});
