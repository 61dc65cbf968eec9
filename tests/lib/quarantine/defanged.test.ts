import { expect, test } from "vitest";
import { type DefangedFacts, defanged } from "#lib/quarantine/defanged.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const facts: DefangedFacts = { id: "01KEPT", kind: "message", sha256: "ab".repeat(32), fileName: null, cause: "spam" };

async function* inPieces(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function fileOf(content: Uint8Array, change: Partial<DefangedFacts> = {}, size = 1_000): Promise<string> {
  let text = "";
  for await (const piece of defanged({ ...facts, ...change }, inPieces(content, size))) text += piece;
  return text;
}

/** What a person gets back: quoted-printable undone, quotes taken away. */
function restored(file: string): string {
  const body = file.slice(file.indexOf("\r\n\r\n") + 4);
  const decoded = body
    .replaceAll("=\r\n", "")
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decoded
    .split("\r\n")
    .map((line) => line.replace(/^> /, ""))
    .join("\r\n");
}

test("a message becomes the quoted text of a message of ours, which says what it is", async () => {
  const file = await fileOf(Buffer.from("Subject: x\r\n\r\n<script>alert(1)</script>\r\n"));
  expect(file.split("\r\n")).toEqual([
    "X-Postern-Quarantine-Id: 01KEPT",
    "X-Postern-Quarantine-Cause: spam",
    `X-Postern-Sha256: ${"ab".repeat(32)}`,
    "X-Postern-Defanged: the original stands below as quoted text, links as hxxp",
    "Subject: [quarantine] 01KEPT",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "> Subject: x",
    ">=20",
    "> <script>alert(1)</script>",
    "",
    "",
  ]);
});

test("whatever is in it, the file is printable ASCII in short lines, and the original can be had from it", async () => {
  const seed = Date.now() % 1_000_000;
  const random = seededRandom(seed);
  for (let round = 0; round < 200; round++) {
    const signs = ["\r\n", "\r", "\n", " ", "=", "\x1b[31m", "\0", "ü", "x", "http", "://", "\t", "=cmd|' /C calc'!A0"];
    const text = Array.from({ length: 60 }, () => signs[Math.floor(random() * signs.length)]).join("");
    const content = Buffer.from(text);
    const file = await fileOf(content, {}, 1 + Math.floor(random() * 20));
    expect(file, `seed ${seed}`).toMatch(/^[\r\n\x20-\x7e]*$/);
    const [, ...body] = file.split("\r\n\r\n");
    expect(
      Math.max(
        ...body
          .join("")
          .split("\r\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(76);
    const lineEnds = content.toString("latin1").replace(/\r?\n/g, "\r\n");
    expect(restored(file), `seed ${seed}`).toBe(`${lineEnds.replaceAll("http:", "hxxp:")}\r\n`);
  }
});

test("links are written hxxp however they are cut", async () => {
  const content = Buffer.from("see https://evil.test and HTTP://evil.test, not http or ahttp");
  for (let size = 1; size <= content.length; size++) {
    const text = restored(await fileOf(content, {}, size));
    expect(text).toBe("see hxxps://evil.test and HxxP://evil.test, not http or ahttp\r\n");
  }
});

test("a file becomes quoted base64, and its name cannot begin a line", async () => {
  const file = await fileOf(Buffer.from("MZ".repeat(100)), { kind: "part", fileName: "a\r\nBcc: x@y.test\u202e.exe" });
  expect(file).toContain("Subject: [quarantine] file a__Bcc_ x@y.test_.exe\r\n");
  expect(file).not.toMatch(/^Bcc/m);
  expect(Buffer.from(restored(file), "base64").toString()).toBe("MZ".repeat(100));
});
