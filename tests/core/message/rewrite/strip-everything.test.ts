import fc from "fast-check";
import { expect, it } from "vitest";
import { editableAround, stripPart } from "#core/message/rewrite/edit-part.ts";
import { madeMessage } from "../../../support/mime-tree.ts";
import { edited, outlined } from "../../../support/outlined.ts";
import { seededRandom } from "../../../support/seeded-random.ts";

/**
 * The message with lines dropped, doubled and cut short; but for delimiters and empty lines, without which content is in a preamble or
 * header, where no reader of mail shows it.
 */
function damaged(message: Buffer, random: () => number): Buffer {
  const lines = message.toString("latin1").split("\r\n");
  for (let times = Math.floor(random() * 6); times > 0; times--) {
    const at = Math.floor(random() * lines.length);
    const line = lines[at] ?? "";
    if (line === "" || line.startsWith("--")) continue;
    const dice = random();
    if (dice < 0.4) lines.splice(at, 1);
    else if (dice < 0.7) lines.splice(at, 0, line);
    else lines[at] = line.replace(/;$|"$/, "");
  }
  return Buffer.from(lines.join("\r\n"), "latin1");
}

it("of a message whose every part is stripped no content is left, in whatever order and however damaged it is (property)", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seededRandom(seed);
      const made = madeMessage(random);
      const bytes = damaged(made.bytes, random);
      const { parts, ambiguous } = outlined(bytes);
      // Readers find no part where the boundary is no longer told; the message is called ambiguous then.
      if (ambiguous.some((reason) => reason.includes("boundary"))) return;
      const edits = parts
        .toSorted(() => random() - 0.5)
        .flatMap((part) => [...stripPart(editableAround(part, parts) ?? part, "NOTICE").edits]);
      const after = edited(bytes, edits).toString("latin1");
      for (const { content } of made.leaves) {
        const base64 = content.toString("base64").slice(0, 60);
        const quoted = [...content.subarray(0, 20)]
          .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`)
          .join("");
        if (content.length < 12) continue;
        const isOutside = (text: string): boolean => after.includes(text);
        expect([isOutside(base64), isOutside(quoted)]).toEqual([false, false]);
      }
    }),
    { numRuns: 300 },
  );
});
