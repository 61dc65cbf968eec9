import { describe, expect, it } from "vitest";
import { FieldReplacer, replacedFieldBytesMax } from "#core/message/field-replacer.ts";
import { bytesOf, randomCut, sameForEveryCut, textOf } from "../../support/chunk-invariance.ts";
import { seededRandom } from "../../support/seeded-random.ts";

type Result = { message: string; seen: string[] };

function replaced(chunks: readonly Uint8Array[]): Result {
  const seen: string[] = [];
  let message = "";
  const replacement = (body: Uint8Array) => {
    seen.push(textOf(body));
    return bytesOf("Message-ID: <ours>\r\n");
  };
  const replacer = new FieldReplacer("message-id", replacement, (slice) => {
    message += textOf(slice);
  });
  for (const chunk of chunks) replacer.write(chunk);
  replacer.flush();
  return { message, seen };
}

function ofEveryCut(message: string): Result {
  return sameForEveryCut(bytesOf(message), replaced);
}

describe("FieldReplacer", () => {
  it.each([
    ["Message-ID: <a@b>\r\n", " <a@b>\r\n"],
    ["message-id:<a@b>\r\n", "<a@b>\r\n"],
    ["MESSAGE-Id \t: <a@b>\r\n", " <a@b>\r\n"],
    ["Message-ID:\r\n\t<a@b>\r\n (a comment)\r\n", "\r\n\t<a@b>\r\n (a comment)\r\n"],
    ["Message-ID:\r\n", "\r\n"],
  ])("replaces %j in any spelling, folded or not", (field, body) => {
    const before = "Received: from x\r\n\tby y\r\nSubject: Message-ID: no\r\n";
    const after = "X-Message-ID: stays\r\nMessage-IDs: stay\r\n\r\nMessage-ID: in the body\r\n";
    expect(ofEveryCut(`${before}${field}${after}`)).toEqual({
      message: `${before}Message-ID: <ours>\r\n${after}`,
      seen: [body],
    });
  });
  it.each([
    ["nothing", ""],
    ["a body only", "\r\nMessage-ID: x\r\n"],
    ["no such field", "Subject: x\r\nTo: y\r\n\r\nbody"],
    ["a name that is cut by the end", "Subject: x\r\nMessage-I"],
    ["a name without a colon", "Message-ID\r\n\r\nbody\r\n"],
    ["a continuation line that looks like it", "Subject: x\r\n Message-ID: y\r\n\r\n"],
    ["letters outside ASCII", "M\u00e9ssage-ID: x\r\n\r\n"],
    ["a bare CR before the end", "Subject: x\r\n\rMessage-ID: y\r\n"],
  ])("gives on octet for octet: %s", (_what, message) => {
    expect(ofEveryCut(message)).toEqual({ message, seen: [] });
  });
  it("replaces each of several, also the last line of a message without a body", () => {
    expect(ofEveryCut("Message-ID: 1\r\nA: b\r\nmessage-id: 2\r\n")).toEqual({
      message: "Message-ID: <ours>\r\nA: b\r\nMessage-ID: <ours>\r\n",
      seen: [" 1\r\n", " 2\r\n"],
    });
  });
  it("leaves the headers of messages inside the message", () => {
    const inner = "Content-Type: message/rfc822\r\n\r\nMessage-ID: <inner@x>\r\n\r\nbody\r\n";
    expect(ofEveryCut(inner).message).toBe(inner);
  });
  it("keeps no more of a field than replacedFieldBytesMax, and replaces all of it", () => {
    const { message, seen } = replaced([bytesOf(`Message-ID: ${"x".repeat(100_000)}\r\nA: b\r\n\r\n`)]);
    expect(message).toBe("Message-ID: <ours>\r\nA: b\r\n\r\n");
    expect(seen.map(({ length }) => length)).toEqual([replacedFieldBytesMax]);
  });

  const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
  it(`changes nothing but the field in random messages, however they are cut (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const pieces = [
      "Message-ID",
      "message-id",
      ":",
      " ",
      "\t",
      "\r\n",
      "\r\n",
      "\n",
      "\r",
      "x",
      "Subject: y\r\n",
      "\r\n\r\n",
      "-ID:",
      "é",
    ];
    for (let round = 0; round < 3_000; round++) {
      const length = Math.floor(random() * 20);
      const message = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join("");
      const whole = replaced([bytesOf(message)]);
      expect(replaced(randomCut(bytesOf(message), random))).toEqual(whole);
      if (whole.seen.length === 0) expect(whole.message).toBe(message);
      const end = message.search(/(?:^|\n)\r?\n/);
      const body = end === -1 ? "" : message.slice(end);
      expect(whole.message.endsWith(body)).toBe(true);
    }
  });
});
