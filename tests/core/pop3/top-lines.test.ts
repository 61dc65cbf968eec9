import { describe, expect, it } from "vitest";
import { TopLines } from "#core/pop3/top-lines.ts";
import { bytesOf, sameForEveryCut } from "../../support/chunk-invariance.ts";

function top(message: string, lines: number): string {
  return sameForEveryCut(bytesOf(message), (chunks) => {
    let shown = "";
    const cut = new TopLines(lines, (slice) => {
      shown += Buffer.from(slice).toString("latin1");
    });
    for (const chunk of chunks) cut.write(chunk);
    return shown;
  });
}

describe("the top of a message", () => {
  const message = "A: b\r\n c\r\n\r\none\r\n\r\nthree\r\n";

  it("is its header and the empty line", () => {
    expect(top(message, 0)).toBe("A: b\r\n c\r\n\r\n");
  });

  it("has so many lines of the body, empty ones too, and no more than there are", () => {
    expect(top(message, 1)).toBe("A: b\r\n c\r\n\r\none\r\n");
    expect(top(message, 2)).toBe("A: b\r\n c\r\n\r\none\r\n\r\n");
    expect(top(message, 99)).toBe(message);
  });

  it("is all of a message without a body", () => {
    expect(top("A: b\r\n", 0)).toBe("A: b\r\n");
    expect(top("", 3)).toBe("");
  });

  it("may end within a line", () => {
    expect(top("A: b\r\n\r\nno end", 1)).toBe("A: b\r\n\r\nno end");
  });
});
