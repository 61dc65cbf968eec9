import { FileInspection } from "#worker/scan/file-inspection/file-inspection.ts";
import { InspectionMemory } from "#worker/scan/inspection-memory.ts";
import type { ContentParts } from "#worker/scan/message-content.ts";
import { SenderDns } from "#worker/sender-auth/sender-dns.ts";

/** One for all tests of a file: its threads begin with the first file that needs one. */
const files = new FileInspection({ threads: 1 });

/** What messages are looked into with: no scanners, and a DNS that knows no name. */
export function contentParts(parts: Partial<ContentParts> = {}): ContentParts {
  const nothing = () => Promise.resolve(null);
  const dns = { exchanges: nothing, addresses: nothing, texts: nothing, pointers: nothing, aliases: nothing };
  return {
    memory: new InspectionMemory(),
    files,
    scanners: { get: () => undefined },
    senderDns: new SenderDns(dns, Date.now),
    dnsblFaults: { asked: () => undefined },
    signingKeys: { active: () => null, signersOf: () => [] },
    ...parts,
  };
}
