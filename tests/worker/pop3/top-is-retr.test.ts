import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { Pop3Client } from "../../support/pop3-gateway.ts";
import { startPop3 } from "../../support/pop3-setup.ts";

const seed = Date.now() % 1_000_000;

const isExe = { fileName: { like: "*.exe" } };
const attachment = (action: unknown) => ({ attachment: { rules: [{ name: "a", when: isExe, action }] } });
const whole = (action: unknown) => ({ message: { rules: [{ name: "m", when: isExe, action }] } });
const rulesets: [string, Record<string, unknown>][] = [
  ["strip", attachment("strip")],
  ["lock", attachment("lock")],
  ["replace", attachment("replace")],
  ["quarantine", whole("quarantine")],
  ["a tag", whole({ kind: "modify", tag: "[exe]" })],
  ["a banner", whole({ kind: "modify", banner: { text: "Beware of {{virus}}", at: "top" } })],
  [
    "header lines",
    whole({
      kind: "modify",
      headers: [
        { do: "add", name: "X-Seen", value: "{{id}}" },
        { do: "remove", name: "X-Old" },
      ],
    }),
  ],
  [
    "a header line that is taken out",
    { header: { rules: [{ name: "h", when: { headerName: { is: "X-Old" } }, action: "strip" }] } },
  ],
];

const line = fc.oneof(
  fc.constantFrom("", ".", "..", ".x", "From here", "--b1x", "\u00e4\u00ff", "bare\nlf", "a\rb"),
  fc.string({ maxLength: 30 }),
);
const body = fc
  .array(line, { maxLength: 8 })
  .map((lines) => lines.map((text) => `${text.replaceAll(/[\r\n]/g, " ")}\r\n`).join(""));
const part = fc.record({ name: fc.constantFrom("a.exe", "b.txt", null), base64: fc.boolean(), body });
const message = fc
  .record({
    header: fc.subarray([
      "From: a@b.test",
      "Date: Mon, 1 Jan 2024 00:00:00 +0000",
      "Subject: one",
      "Message-ID: <1@b.test>",
      "X-Old: 1",
      "Received: by x",
    ]),
    parts: fc.array(part, { minLength: 1, maxLength: 4 }),
  })
  .map(written);

function written({
  header,
  parts,
}: {
  header: string[];
  parts: { name: string | null; base64: boolean; body: string }[];
}): string {
  const own = [...header, "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b1"].map(
    (field) => `${field}\r\n`,
  );
  const all = parts.map(({ name, base64, body: text }) => {
    const type = name === null ? "text/plain; charset=iso-8859-1" : `application/octet-stream; name="${name}"`;
    const bytes = text.replaceAll(/[^\x00-\xff]/g, "?");
    return `--b1\r\nContent-Type: ${type}\r\n${base64 ? "Content-Transfer-Encoding: base64\r\n" : ""}\r\n${base64 ? `${btoa(bytes)}\r\n` : bytes}`;
  });
  return `${own.join("")}\r\n${all.join("")}--b1--\r\n`;
}

const octets = (answer: string) => answer.slice(answer.indexOf("\r\n") + 2);

/** The first lines of a body below its header, as TOP shows them, of what RETR gave on the wire. */
function topOf(retrieved: string, lines: number): string {
  const end = retrieved.startsWith("\r\n") ? 2 : retrieved.indexOf("\r\n\r\n") + 4;
  const all = retrieved.slice(end, -3).split(/(?<=\n)/);
  return `${retrieved.slice(0, end)}${all.slice(0, lines).join("")}.\r\n`;
}

describe(`whatever the message (seed ${seed})`, () => {
  it.each(rulesets)(
    "with %s, TOP is the top of RETR, before it and after it, in this session and in the next",
    async (_, rules) => {
      const messages: string[] = [];
      const started = await startPop3({ messages }, { rulesets: rules });
      const { gate, client } = started;
      await client.login();
      const next = async () => {
        const other = new Pop3Client(gate.port);
        onTestFinished(() => void other.socket.destroy());
        await other.login();
        return other;
      };
      let retrievedFirst = false;
      await fc.assert(
        fc.asyncProperty(message, fc.nat(12), async (text, lines) => {
          messages.push(text);
          const n = messages.length;
          const asker = await next();
          retrievedFirst = !retrievedFirst;
          const before = retrievedFirst ? null : octets(await asker.answer(`TOP ${n} ${lines}`));
          const retrieved = octets(await asker.answer(`RETR ${n}`));
          const expected = topOf(retrieved, lines);
          expect(before ?? expected).toBe(expected);
          const later = await next();
          expect(octets(await later.answer(`TOP ${n} ${lines}`))).toBe(expected);
          expect(octets(await later.answer(`RETR ${n}`))).toBe(retrieved);
          const size = /^\+OK \d+ (\d+)/.exec(await later.ask(`LIST ${n}`))?.[1];
          expect(Number(size)).toBe(retrieved.slice(0, -3).replaceAll(/^\.\./gm, ".").length);
          for (const one of [asker, later]) one.socket.destroy();
        }),
        { seed, numRuns: 50 },
      );
    },
  );
});
