import type { SigningKey } from "#core/contract/signing-key.ts";
import { makeKeyPair } from "#lib/signing-keys/make-key-pair.ts";
import type { ZoneData } from "./zone-records.ts";

type TestKey = SigningKey & { record: string };
const made = new Map<SigningKey["algorithm"], TestKey>();

/** A key of a.test with the selector s1, the same one in every test of a file. */
export function signingKey(algorithm: SigningKey["algorithm"] = "ed25519"): TestKey {
  const known = made.get(algorithm);
  if (known !== undefined) return known;
  const plain = { name: "a key", domain: "a.test", selector: "s1", algorithm, state: "active" } as const;
  const key: TestKey = { ...plain, ...makeKeyPair(algorithm) };
  made.set(algorithm, key);
  return key;
}

/** Where the DNS has that key. */
export function keyZone({ selector, domain, record }: TestKey): ZoneData {
  return { [`${selector}._domainkey.${domain}`]: [{ TXT: record }] };
}

export function message({ from = "Ann <ann@a.test>", body = "Hello.\n" } = {}): string {
  return crlf(`From: ${from}\nTo: bob@b.test\nSubject: Tuesday\nDate: Fri, 27 Nov 2026 20:00:00 +0000\n\n${body}`);
}

export function crlf(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}
