import { describe, expect, test } from "vitest";
import { signedHeaderBytesMax } from "#worker/sender-auth/header-rows.ts";
import { arcSeal, dkimSign, SigningFailure } from "#worker/sender-auth/message-signing.ts";
import { signedLineBytesMax } from "#worker/sender-auth/message-splitter.ts";
import { randomCut } from "../../support/chunk-invariance.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { checkSignatures } from "../../support/sender-checks.ts";
import { keyZone, message, signingKey } from "../../support/signed-messages.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const algorithms = ["rsa-2048", "ed25519"] as const;

describe.each(algorithms)("with a key of %s", (algorithm) => {
  const key = signingKey(algorithm);
  const zone = keyZone(key);

  test("what is signed passes, and fails once it is changed", async () => {
    const text = message({ body: "One  two \t\n\n three\n\n\n" });
    const field = (await dkimSign([bytes(text)], key, Date.now())).toString("latin1");
    expect(field).toMatch(/^DKIM-Signature: v=1; [^]*\r\n$/);
    expect(Math.max(...field.split("\r\n").map((line) => line.length))).toBeLessThan(100);
    const pass = { result: "pass", domain: "a.test", selector: "s1", aligned: true };
    expect((await checkSignatures(field + text, zone)).dkim).toEqual([pass]);
    expect((await checkSignatures(field + text.replace("three", "four"), zone)).dkim).toMatchObject([
      { result: "fail" },
    ]);
    expect((await checkSignatures(field + text.replace("Tuesday", "Friday"), zone)).dkim).toMatchObject([
      { result: "fail" },
    ]);
    expect((await checkSignatures(`Received: later\r\n${field}${text}`, zone)).dkim).toEqual([pass]);
  });

  test("a chain of seals passes at each step, and the oldest results are under it", async () => {
    let text = message();
    for (const [i, arc] of (["none", "pass", "pass"] as const).entries()) {
      const results = `gate.test;\r\n spf=pass smtp.mailfrom=a.test;\r\n arc=${arc}`;
      const seal = (await arcSeal([bytes(text)], key, { results, arc }, Date.now())).toString("latin1");
      text = `${seal}Received: by hop ${i}\r\n${text}`;
      expect((await checkSignatures(text, zone)).arc).toEqual({ result: "pass", chain: i + 1, sealer: "a.test" });
    }
    expect((await checkSignatures(text.replace("Hello", "Hallo"), zone)).arc.result).toBe("fail");
    expect((await checkSignatures(text.replace("spf=pass", "spf=fail"), zone)).arc.result).toBe("fail");
  });
});

test("any bytes in any pieces are signed so that they pass, with every body that a random walk makes", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log("seed", seed);
  const random = seededRandom(seed);
  const key = signingKey("ed25519");
  const atoms = [" ", "\t", "\r\n", "\r\n\r\n", "a", "é", "x y", " \r\n", ".", "\0"];
  for (let n = 0; n < 60; n++) {
    const body = Array.from({ length: Math.floor(random() * 40) }, () => atoms[Math.floor(random() * atoms.length)]);
    const text = message() + body.join("");
    const field = await dkimSign(randomCut(bytes(text), random), key, Date.now());
    const cut = 1 + Math.floor(random() * 40);
    const { dkim } = await checkSignatures(Buffer.concat([field, bytes(text)]), keyZone(key), { cut });
    expect(dkim).toMatchObject([{ result: "pass" }]);
  }
});

test("over a chain that failed a seal says so, and is the last one", async () => {
  const key = signingKey();
  const broken = `${await arcSeal([bytes(message())], key, { results: "a; none", arc: "none" }, 0)}${message({ body: "other\n" })}`;
  const seal = await arcSeal([bytes(broken)], key, { results: "a; none", arc: "fail" }, 0);
  expect(seal.toString()).toContain("cv=fail");
  const sealed = seal + broken;
  expect((await checkSignatures(sealed, keyZone(key))).arc.result).toBe("fail");
  await expect(arcSeal([bytes(sealed)], key, { results: "a; none", arc: "fail" }, 0)).rejects.toThrow(SigningFailure);
});

test.each([
  ["without a From", "Subject: x\r\n\r\nHello.\r\n"],
  ["whose header is too large", `X: ${"x".repeat(signedHeaderBytesMax)}\r\n${message()}`],
  ["with a line that is too long", `${message()}${"x".repeat(2 * signedLineBytesMax)}`],
  ["without anything", ""],
])("a message %s is not signed", async (_what, text) => {
  await expect(dkimSign([bytes(text)], signingKey(), 0)).rejects.toThrow(SigningFailure);
  await expect(arcSeal([bytes(text)], signingKey(), { results: "a; none", arc: "none" }, 0)).rejects.toThrow(
    SigningFailure,
  );
});

test("a key that is none, or of another kind, signs nothing, and is not told", async () => {
  const wrong = { ...signingKey("ed25519"), algorithm: "rsa-2048" as const };
  const noKey = { ...signingKey("ed25519"), privateKey: "-----canary-----" };
  for (const key of [wrong, noKey]) {
    await expect(dkimSign([bytes(message())], key, 0)).rejects.toThrow(SigningFailure);
    await expect(dkimSign([bytes(message())], key, 0)).rejects.not.toThrow(/canary/);
  }
});
