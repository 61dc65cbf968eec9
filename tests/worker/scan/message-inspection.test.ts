import { describe, expect, it } from "vitest";
import type { Facts } from "#core/contract/facts.ts";
import { MessageInspection } from "#worker/scan/message-inspection.ts";
import { bytesOf } from "../../support/chunk-invariance.ts";
import { contentParts } from "../../support/content-parts.ts";
import { generatedMessage } from "../../support/generated-message.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { smtpPolicy } from "../../support/smtp-gateway.ts";

const seed = Number(process.env["POSTERN_SEED"] ?? Math.floor(Math.random() * 1e6));

const asked = { detectedType: "x", digest: "x", archiveEntry: "x", text: "x", url: "x", urlHost: "x", virus: "x" };
const rules = [
  ...Object.entries(asked).map(([fact, is]) => ({ name: fact, when: { [fact]: { is } }, action: "deny" })),
  { name: "trait", when: { trait: { in: ["macros", "link-mismatch", "type-mismatch"] } }, action: "deny" },
  { name: "words", when: { dictionary: { is: "secrets" } }, action: "deny" },
];
/** Rules that ask for everything. */
const { action } = smtpPolicy({
  upstreamPorts: [1],
  rulesets: { attachment: { rules }, message: { rules } },
  document: { dictionaries: [{ name: "secrets", entries: [{ word: "secret" }, { word: "invoice" }], threshold: 2 }] },
});

type Found = { order: number[]; parts: Facts[]; message: Facts | null; failure: string | null };

function inspect(chunks: readonly Uint8Array[]): Promise<Found> {
  const found: Found = { order: [], parts: [], message: null, failure: null };
  const { memory, files } = contentParts();
  const task = {
    needs: action.needs,
    settings: action.definition.content,
    tools: { memory, files, scanners: [], dictionaries: action.content.dictionaries },
    envelope: null,
    original: null,
    digest: false,
    senderCheck: null,
    now: () => 0,
  };
  const inspection = new MessageInspection(task, [
    {
      headerLine: () => undefined,
      headersEnd: () => undefined,
      part: ({ part, facts }) => {
        found.order.push(part.number);
        found.parts.push(facts);
      },
      partEnd: () => undefined,
      message: (facts) => {
        found.message = facts;
      },
      unscannable: () => undefined,
    },
  ]);
  for (const chunk of chunks) inspection.write(chunk);
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  return new Promise((resolve) =>
    inspection.end(bytes, (failure) => {
      expect(memory.bytes).toBe(0);
      resolve({ ...found, failure });
    }),
  );
}

function randomCut(bytes: Uint8Array, random: () => number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + Math.floor(random() ** 4 * 2000);
    chunks.push(bytes.subarray(at, next));
    at = next;
  }
  return chunks;
}

describe(`an inspection (POSTERN_SEED=${seed})`, () => {
  it("finds the same however the message is cut, and tells parts in their order", { timeout: 60_000 }, async () => {
    const random = seededRandom(seed);
    for (let n = 0; n < 60; n++) {
      const message = generatedMessage(random);
      const bytes = bytesOf(message);
      const whole = await inspect([bytes]);
      const where = `message ${n}: ${JSON.stringify(message)}`;
      expect({ where, ...(await inspect(randomCut(bytes, random))) }).toEqual({ where, ...whole });
      expect({ where, order: whole.order }).toEqual({ where, order: whole.parts.map((_, index) => index + 1) });
      expect(whole.message?.messageBytes).toBe(bytes.length);
    }
  });

  it("tells of a part what its content is, and of the message what all parts have together", async () => {
    const zip =
      "UEsDBAoAAAAAAAAAIQAAAAAAAAAAAAAAAAAFAAAAYS5leGVQSwECFAAKAAAAAAAAACEAAAAAAAAAAAAAAAAABQAAAAAAAAAAAAAAAAAAAAAAYS5leGVQSwUGAAAAAAEAAQAzAAAAIwAAAAAA";
    const message = [
      "Subject: a secret",
      "Content-Type: multipart/mixed; boundary=b",
      "",
      "--b",
      "Content-Type: text/html",
      "",
      '<a href="http://evil.test/x">http://bank.test/</a> an invoice',
      "--b",
      "Content-Type: image/jpeg; name=a.jpg",
      "Content-Transfer-Encoding: base64",
      "",
      zip,
      "--b--",
      "",
    ].join("\r\n");
    const { parts, message: all } = await inspect([bytesOf(message)]);
    expect(parts[0]).toMatchObject({
      detectedType: ["text/html"],
      urlHost: ["evil.test", "bank.test"],
      dictionary: [],
    });
    expect(parts[0]?.trait).toContain("link-mismatch");
    expect(parts[1]).toMatchObject({ detectedType: ["application/zip"], archiveEntry: ["a.exe"] });
    expect(parts[1]?.trait).toEqual(expect.arrayContaining(["archive", "type-mismatch"]));
    // One word in the subject, one in a part: together they reach the threshold.
    expect(all).toMatchObject({ dictionary: ["secrets"], attachmentCount: 1, hour: 0, weekday: ["thu"] });
    expect(all?.trait).toEqual(expect.arrayContaining(["link-mismatch", "archive"]));
  });
});
