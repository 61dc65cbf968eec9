import { createPublicKey } from "node:crypto";

/** A key that signatures are verified with. RFC 8301 §3.2 asks for 4096 bits at most; nobody publishes an exponent above 65537 by need. */
export const rsaModulusBitsMax = 8_192;
export const rsaExponentMax = 2n ** 32n;
/** The value of p= in base64: of the largest such key. */
const keyCharactersMax = 1_500;

const revoked = "v=DKIM1; p=";

/** What was found of key records; past so many all are judged again. Reading a key costs more than the rest of a check. */
const judgedMax = 1_000;
const judged = new Map<string, boolean>();

/** In place of key records that cost a CPU long to verify with: an exponent as long as its modulus costs 500 times what usual ones do. */
export function withCheapKeys(resolver: MailauthResolver): MailauthResolver {
  return async (name, type) => {
    const records = await resolver(name, type);
    return type === "TXT" ? records.map((record) => (isCostly(record) ? revoked : record)) : records;
  };
}

function isCostly(record: unknown): boolean {
  const [, value] = typeof record === "string" ? (/(?:^|;)\s*p\s*=([^;]*)/.exec(record) ?? []) : [];
  if (value === undefined) return false;
  if (value.length > keyCharactersMax) return true;
  const known = judged.get(value);
  if (known !== undefined) return known;
  if (judged.size === judgedMax) judged.clear();
  const found = isCostlyKey(value);
  judged.set(value, found);
  return found;
}

function isCostlyKey(value: string): boolean {
  const bytes = Buffer.from(value, "base64");
  for (const type of ["spki", "pkcs1"] as const) {
    try {
      const { publicExponent = 0n, modulusLength = 0 } =
        createPublicKey({ key: bytes, format: "der", type }).asymmetricKeyDetails ?? {};
      return publicExponent > rsaExponentMax || modulusLength > rsaModulusBitsMax;
    } catch {}
  }
  return false;
}
