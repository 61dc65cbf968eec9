import type { SenderRecords } from "#worker/upstream/mail-dns.ts";

type ZoneValue = string | readonly (string | number)[];
/** As the published suites write it: `{ A: 192.0.2.1 }`, `{ MX: [10, mx.example] }`, `{ TXT: [two, parts] }`; TIMEOUT for a type or for what comes after it. */
export type ZoneEntry = "TIMEOUT" | Readonly<Record<string, ZoneValue>>;
export type ZoneData = Readonly<Record<string, readonly ZoneEntry[]>>;

const ttl = 30;
const aliasesMax = 9;

/** A DNS that is made of a zone. `asked`: each question, `TXT example.test`. A name without an entry does not exist. */
export function zoneRecords(zone: ZoneData): SenderRecords & { asked: string[] } {
  const names = new Map(Object.entries(zone).map(([name, entries]) => [name.toLowerCase(), entries]));
  const asked: string[] = [];
  const ask = async (type: string, name: string): Promise<ZoneValue[] | null> => {
    asked.push(`${type} ${name}`);
    return answer(names, type, name.toLowerCase(), aliasesMax);
  };
  const texts = async (type: string, name: string) => (await ask(type, name))?.map(joined) ?? null;
  return {
    asked,
    texts: (name) => texts("TXT", name),
    pointers: (name) => texts("PTR", name),
    aliases: (name) => texts("CNAME", name),
    addresses: async (name, family) =>
      (await texts(family === 4 ? "A" : "AAAA", name))?.map((address) => ({ address, ttl })) ?? null,
    exchanges: async (name) =>
      (await ask("MX", name))?.map((value) => {
        const [preference, exchange] = value;
        return { exchange: String(exchange), preference: Number(preference) };
      }) ?? null,
  };
}

function answer(
  names: ReadonlyMap<string, readonly ZoneEntry[]>,
  type: string,
  name: string,
  aliasesLeft: number,
): ZoneValue[] | null {
  const entries = names.get(name);
  if (entries === undefined) return null;
  const found: ZoneValue[] = [];
  // The SPF suite: a record of the old type SPF stands for a TXT one where there is none.
  const hasTexts = entries.some((entry) => entry !== "TIMEOUT" && "TXT" in entry);
  for (const entry of entries) {
    if (entry === "TIMEOUT") {
      if (found.length === 0) throw failure("ETIMEOUT");
      break;
    }
    for (const [kind, value] of Object.entries(entry)) {
      if (kind === "CNAME" && type !== "CNAME" && aliasesLeft > 0) {
        return answer(names, type, joined(value).toLowerCase(), aliasesLeft - 1);
      }
      const counts = kind === type || (type === "TXT" && kind === "SPF" && !hasTexts);
      if (!counts || value === "NONE") continue;
      if (value === "TIMEOUT") throw failure("ETIMEOUT");
      found.push(value);
    }
  }
  return found;
}

function joined(value: ZoneValue): string {
  return typeof value === "string" ? value : value.join("");
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
