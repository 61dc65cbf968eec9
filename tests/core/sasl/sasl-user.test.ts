import { describe, expect, test } from "vitest";
import { actsForAnother, isBase64, saslUser, tellsUser } from "#core/sasl/sasl-user.ts";

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

describe("the user of a login", () => {
  test.each([
    ["PLAIN", "\0ann\0secret", "ann"],
    ["PLAIN", "other\0ann@example.test\0secret", "ann@example.test"],
    ["LOGIN", "ann", "ann"],
    ["CRAM-MD5", `ann b ${"0a".repeat(16)}`, "ann b"],
    ["SCRAM-SHA-256", "n,,n=ann=2Cb=3D,r=nonce", "ann,b="],
    ["SCRAM-SHA-1", "y,a=admin,n=ann,r=nonce", "ann"],
    ["XOAUTH2", "user=ann@example.test\x01auth=Bearer token\x01\x01", "ann@example.test"],
    ["XOAUTH2", "user=ann\x01auth=Bearer tokenuser=\x01\x01", "ann"],
    ["OAUTHBEARER", "n,a=ann@example.test,\x01host=x\x01auth=Bearer token\x01\x01", "ann@example.test"],
    ["LOGIN", "jürgen", "jürgen"],
  ])("is told by the first message of %s: %j", (mechanism, message, user) => {
    expect(saslUser(mechanism, 0, base64(message))).toBe(user);
  });
  test.each([
    ["PLAIN", "no nul"],
    ["PLAIN", "\0only one"],
    ["LOGIN", ""],
    ["LOGIN", "a\nb"],
    ["CRAM-MD5", "ann digest"],
    ["SCRAM-SHA-256", "p=tls-unique,,n=ann,r=x"],
    ["XOAUTH2", "auth=Bearer token\x01"],
    ["XOAUTH2", "user=ann\x01user=bob\x01auth=Bearer token\x01\x01"],
    ["XOAUTH2", "user=ann\x01auth=Bearer token\x01User=bob\x01\x01"],
    ["NTLM", "NTLMSSP"],
    ["GSSAPI", "ticket"],
  ])("is not told by %s with %j", (mechanism, message) => {
    expect(saslUser(mechanism, 0, base64(message))).toBeNull();
  });
  test("is never taken from a later message: with LOGIN that is the password", () => {
    for (const mechanism of ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"]) {
      expect(saslUser(mechanism, 1, base64("secret"))).toBeNull();
      expect(saslUser(mechanism, 1, base64("\0ann\0secret"))).toBeNull();
    }
  });
  test("is at most 255 characters, and nothing where the bytes are not UTF-8 or not base64", () => {
    expect(saslUser("LOGIN", 0, base64("x".repeat(5000)))).toHaveLength(255);
    expect(saslUser("LOGIN", 0, Buffer.from([0xff, 0xfe]).toString("base64"))).toBeNull();
    expect(saslUser("LOGIN", 0, "=")).toBeNull();
  });
});

test("a user is read whatever the bytes of the secret beside it", () => {
  const message = Buffer.concat([Buffer.from("\0jürgen\0"), Buffer.from([0xff, 0xfe])]).toString("base64");
  expect(saslUser("PLAIN", 0, message)).toBe("jürgen");
});

test.each([
  ["PLAIN", "boss\0ann\0secret", true],
  ["PLAIN", "ann\0ann\0secret", false],
  ["PLAIN", "\0ann\0secret", false],
  ["SCRAM-SHA-256", "n,a=boss,n=ann,r=x", true],
  ["SCRAM-SHA-1", "y,a=ann,n=ann,r=x", false],
  ["SCRAM-SHA-256", "n,,n=ann,r=x", false],
  ["LOGIN", "boss\0ann\0secret", false],
])("a login acts for another user than its own: %s with %j, %j", (mechanism, message, acts) => {
  expect(actsForAnother(mechanism, base64(message))).toBe(acts);
});

test("mechanisms that prove a user by other means tell none", () => {
  expect(["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-512", "XOAUTH2", "OAUTHBEARER"].every(tellsUser)).toBe(true);
  expect(["NTLM", "GSSAPI", "EXTERNAL", "DIGEST-MD5", "XPLAIN"].some(tellsUser)).toBe(false);
});

describe("base64", () => {
  test.each(["", "AAAA", "QUI=", "QQ==", "a+/Z"])("is %j", (text) => {
    expect(isBase64(text)).toBe(true);
  });
  test.each(["=", "*", "A", "AAA", "AA==AA==", "AAA\n", "A A=", "A===", "QUI\r"])("is not %j", (text) => {
    expect(isBase64(text)).toBe(false);
  });
});
