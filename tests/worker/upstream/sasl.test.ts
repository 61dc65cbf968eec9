import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { SaslExchange } from "#worker/upstream/sasl/exchange.ts";
import { cramMd5Exchange, loginExchange, plainExchange } from "#worker/upstream/sasl/password-exchange.ts";
import { saslPrep } from "#worker/upstream/sasl/sasl-prep.ts";
import { type ScramHash, scramExchange, scramIterations } from "#worker/upstream/sasl/scram-exchange.ts";
import { oauthBearerExchange, xoauth2Exchange } from "#worker/upstream/sasl/token-exchange.ts";

/** The answer to a challenge, or why there is none. */
function respond(exchange: SaslExchange, challenge: string): Promise<string> {
  return new Promise((resolve) => {
    exchange.respond(Buffer.from(challenge), (failure, response) => {
      resolve(response === null ? `failed: ${failure ?? ""}` : Buffer.from(response).toString("utf8"));
    });
  });
}

function initialOf({ initial }: SaslExchange): string | null {
  return initial === null ? null : Buffer.from(initial).toString("utf8");
}

const pencil = { user: "user", password: "pencil" };

describe("SCRAM", () => {
  test.each<[string, ScramHash, string, string, string, string]>([
    [
      "RFC 5802 §5",
      "sha1",
      "fyko+d2lbbFgONRv9qkxdawL",
      "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
      "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
      "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    ],
    [
      "RFC 7677 §3",
      "sha256",
      "rOprNGfwEbeRWgbNEkqO",
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
      "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    ],
  ])("says what %s says", async (_source, hash, nonce, serverFirst, clientFinal, serverFinal) => {
    const exchange = scramExchange(hash, { ...pencil, nonce });
    expect(initialOf(exchange)).toBe(`n,,n=user,r=${nonce}`);
    expect(exchange.unproven()).not.toBeNull();
    expect(await respond(exchange, serverFirst)).toBe(clientFinal);
    expect(exchange.unproven()).not.toBeNull();
    expect(await respond(exchange, serverFinal)).toBe("");
    expect(exchange.unproven()).toBeNull();
  });
  test("with SHA-512 agrees with a server that derives from the password itself", async () => {
    const exchange = scramExchange("sha512", { ...pencil, nonce: "abc" });
    const serverFirst = `r=abcdef,s=${Buffer.from("salt").toString("base64")},i=4096`;
    const salted = pbkdf2Sync("pencil", "salt", 4096, 64, "sha512");
    const message = `n=user,r=abc,${serverFirst},c=biws,r=abcdef`;
    const mac = (key: Buffer, text: string) => createHmac("sha512", key).update(text).digest();
    const final = await respond(exchange, serverFirst);
    const proof = Buffer.from(final.slice(final.indexOf("p=") + 2), "base64");
    const stored = createHash("sha512").update(mac(salted, "Client Key")).digest();
    const clientKey = mac(stored, message).map((byte, at) => byte ^ (proof[at] ?? 0));
    expect(createHash("sha512").update(clientKey).digest()).toEqual(stored);
    expect(await respond(exchange, `v=${mac(mac(salted, "Server Key"), message).toString("base64")}`)).toBe("");
  });
  test.each([
    ["no salt", "r=abcdef,i=4096", /cannot be read/],
    ["an extension that must be understood", "m=x,r=abcdef,s=c2FsdA==,i=4096", /cannot be read/],
    ["another's nonce", "r=xyzdef,s=c2FsdA==,i=4096", /nonce is not ours/],
    ["our nonce alone", "r=abc,s=c2FsdA==,i=4096", /nonce is not ours/],
    ["too few iterations", "r=abcdef,s=c2FsdA==,i=4095", /too few/],
    ["more iterations than we do", `r=abcdef,s=c2FsdA==,i=${scramIterations.max + 1}`, /more than we do/],
    ["a count that is no number", "r=abcdef,s=c2FsdA==,i=99999999999", /cannot be read/],
  ])("ends when the server's first message has %s, and sends no proof", async (_what, serverFirst, reason) => {
    expect(await respond(scramExchange("sha256", { ...pencil, nonce: "abc" }), serverFirst)).toMatch(reason);
  });
  test.each([
    ["a wrong signature", "v=AAAA", /signature is wrong/],
    ["no signature", "", /signature is wrong/],
    ["an error", "e=invalid-proof", /the server says invalid-proof/],
  ])("ends when the server's last message has %s, and believes no yes after it", async (_what, final, reason) => {
    const exchange = scramExchange("sha1", { ...pencil, nonce: "abc" });
    await respond(exchange, "r=abcdef,s=c2FsdA==,i=4096");
    expect(await respond(exchange, final)).toMatch(reason);
    expect(exchange.unproven()).not.toBeNull();
    expect(await respond(exchange, "r=abcdef,s=c2FsdA==,i=4096")).toMatch(/unexpected/);
  });
  test("writes = and , of a name as RFC 5802 §5.1 says", () => {
    expect(initialOf(scramExchange("sha1", { user: "a=b,c", password: "x", nonce: "n" }))).toBe("n,,n=a=3Db=2Cc,r=n");
  });
});

test("CRAM-MD5 says what RFC 2195 §3 says", async () => {
  const exchange = cramMd5Exchange({ user: "tim", password: "tanstaaftanstaaf" });
  expect(exchange.initial).toBeNull();
  expect(exchange.unproven()).not.toBeNull();
  expect(await respond(exchange, "<1896.697170952@postoffice.reston.mci.net>")).toBe(
    "tim b913a602c7eda7a495b4e6e7334d3890",
  );
  expect(exchange.unproven()).toBeNull();
  expect(await respond(exchange, "<again>")).toMatch(/unexpected/);
});

test("PLAIN sends all at once and answers no challenge (RFC 4616)", async () => {
  const exchange = plainExchange({ user: "tim", password: "päss" });
  expect(initialOf(exchange)).toBe("\0tim\0päss");
  expect(await respond(exchange, "more?")).toMatch(/unexpected/);
});

test("LOGIN answers twice, whatever it is asked, and a third time not", async () => {
  const exchange = loginExchange({ user: "tim", password: "secret" });
  expect(await respond(exchange, "Username:")).toBe("tim");
  expect(exchange.unproven()).toMatch(/before it had asked/);
  expect(await respond(exchange, "")).toBe("secret");
  expect(await respond(exchange, "Username:")).toMatch(/unexpected/);
});

describe("access tokens", () => {
  const login = { user: "a=b@example.test", host: "smtp.example.test", port: 587, accessToken: "tok-en" };
  test("XOAUTH2 sends name and token, and gives a refusal an empty answer", async () => {
    const exchange = xoauth2Exchange({ ...login, user: "a@example.test" });
    expect(initialOf(exchange)).toBe("user=a@example.test\x01auth=Bearer tok-en\x01\x01");
    expect(await respond(exchange, '{"status":"400","schemes":"bearer","note":"tok-en\x1b"}')).toBe("");
    expect(exchange.hint).toBe('{"status":"400","schemes":"bearer","note":"*?"}');
    expect(await respond(exchange, "{}")).toMatch(/unexpected/);
  });
  test("OAUTHBEARER sends name, host, port and token, and gives a refusal %x01 (RFC 7628 §3)", async () => {
    const exchange = oauthBearerExchange(login);
    expect(initialOf(exchange)).toBe(
      "n,a=a=3Db@example.test,\x01host=smtp.example.test\x01port=587\x01auth=Bearer tok-en\x01\x01",
    );
    expect(await respond(exchange, '{"status":"invalid_token"}')).toBe("\x01");
    expect(exchange.hint).toBe('{"status":"invalid_token"}');
  });
});

test("names and passwords are prepared as RFC 4013 says in its examples", () => {
  expect(saslPrep("I\u00adX")).toBe("IX");
  expect(saslPrep("user")).toBe("user");
  expect(saslPrep("USER")).toBe("USER");
  expect(saslPrep("\u00aa")).toBe("a");
  expect(saslPrep("\u2168")).toBe("IX");
  expect(saslPrep("a\u00a0b")).toBe("a b");
});
