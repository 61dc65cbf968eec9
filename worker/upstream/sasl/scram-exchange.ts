import { createHash, createHmac, pbkdf2, timingSafeEqual } from "node:crypto";
import { printable } from "#core/smtp/reply.ts";
import type { SaslExchange } from "./exchange.ts";
import { saslPrep } from "./sasl-prep.ts";

export type ScramHash = "sha1" | "sha256" | "sha512";
export type ScramLogin = { user: string; password: string /** Printable, without comma. */; nonce: string };

const names: Record<ScramHash, string> = { sha1: "SCRAM-SHA-1", sha256: "SCRAM-SHA-256", sha512: "SCRAM-SHA-512" };
const hashBytes: Record<ScramHash, number> = { sha1: 20, sha256: 32, sha512: 64 };

/** RFC 7677 §4: at least 4096. A server that asks for more work than the maximum would only keep us busy. */
export const scramIterations = { min: 4096, max: 1_000_000 };

/** RFC 5802 §5, without channel binding. The server proves that it knows the password too. */
export function scramExchange(hash: ScramHash, { user, password, nonce }: ScramLogin): SaslExchange {
  const name = saslPrep(user).replaceAll("=", "=3D").replaceAll(",", "=2C");
  const firstBare = `n=${name},r=${nonce}`;
  let state: "first" | "final" | "proven" | "over" = "first";
  let signature: Buffer = Buffer.alloc(0);
  const respondFirst: SaslExchange["respond"] = (challenge, done) => {
    const serverFirst = Buffer.from(challenge).toString("utf8");
    const read = readServerFirst(serverFirst, nonce);
    if (typeof read === "string") return done(read, null);
    const { serverNonce, salt, iterations } = read;
    pbkdf2(saslPrep(password), salt, iterations, hashBytes[hash], hash, (error, salted) => {
      if (error !== null) return done("the password cannot be derived", null);
      const finalBare = `c=biws,r=${serverNonce}`;
      const message = `${firstBare},${serverFirst},${finalBare}`;
      const clientKey = hmac(hash, salted, "Client Key");
      const proof = xor(clientKey, hmac(hash, createHash(hash).update(clientKey).digest(), message));
      signature = hmac(hash, hmac(hash, salted, "Server Key"), message);
      state = "final";
      done(null, Buffer.from(`${finalBare},p=${proof.toString("base64")}`));
    });
  };
  return {
    mechanism: names[hash],
    initial: Buffer.from(`n,,${firstBare}`),
    hint: null,
    respond: (challenge, done) => {
      const current = state;
      state = "over";
      if (current === "first") return respondFirst(challenge, done);
      if (current !== "final") return done("an unexpected challenge", null);
      const failure = judgeServerFinal(Buffer.from(challenge).toString("latin1"), signature);
      if (failure === null) state = "proven";
      done(failure, failure === null ? Buffer.alloc(0) : null);
    },
    unproven: () => (state === "proven" ? null : "the server did not prove that it knows the password"),
  };
}

type ServerFirst = { serverNonce: string; salt: Buffer; iterations: number };

/** `r=…,s=…,i=…`, or what is wrong with it. An extension that must be understood (`m=`) is none of ours. */
function readServerFirst(text: string, nonce: string): ServerFirst | string {
  const [, serverNonce, salt, count] =
    /^r=([!-+\--~]+),s=([0-9A-Za-z+/]+={0,2}),i=([1-9]\d{0,8})(?:,|$)/.exec(text) ?? [];
  if (serverNonce === undefined || salt === undefined) return "the server's first message cannot be read";
  if (!serverNonce.startsWith(nonce) || serverNonce.length === nonce.length) return "the server's nonce is not ours";
  const iterations = Number(count);
  if (iterations < scramIterations.min) return `the server asks for ${iterations} iterations, too few to be safe`;
  if (iterations > scramIterations.max) return `the server asks for ${iterations} iterations, more than we do`;
  return { serverNonce, salt: Buffer.from(salt, "base64"), iterations };
}

/** `v=` with the signature that we expect; `e=` says why not. */
function judgeServerFinal(text: string, expected: Buffer): string | null {
  const [, key, value = ""] = /^([ev])=([^,]*)/.exec(text) ?? [];
  if (key === "e") return `the server says ${printable(value).slice(0, 100)}`;
  const given = Buffer.from(value, "base64");
  if (key === "v" && given.length === expected.length && timingSafeEqual(given, expected)) return null;
  return "the server's signature is wrong: it does not know the password";
}

function hmac(hash: ScramHash, key: Buffer, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}
