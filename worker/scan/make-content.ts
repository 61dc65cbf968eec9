import { join } from "node:path";
import type { Logger } from "pino";
import type { WorkerConfig } from "../config.ts";
import type { Faults } from "../report/faults.ts";
import { ScannerSet } from "../scanners/scanner-set.ts";
import { DnsblFaults } from "../sender-auth/dnsbl-faults.ts";
import { SenderDns } from "../sender-auth/sender-dns.ts";
import { SigningKeyStore } from "../sender-auth/signing-key-store.ts";
import { systemDns } from "../upstream/mail-dns.ts";
import { FileInspection } from "./file-inspection/file-inspection.ts";
import { InspectionMemory } from "./inspection-memory.ts";

/** What messages are looked into with, and signed with when they leave. `scanners` and `dnsblFaults` follow the policy in force; `files` is to be stopped. */
export function makeContent(
  { nameServers, stateDir }: WorkerConfig,
  faults: Faults,
  { log, now }: { log: Logger; now(): number },
) {
  return {
    memory: new InspectionMemory(),
    files: new FileInspection(),
    scanners: new ScannerSet({ log, now }),
    senderDns: new SenderDns(systemDns(nameServers, now), now),
    dnsblFaults: new DnsblFaults(faults),
    signingKeys: makeSigningKeys(stateDir, faults, log),
  };
}

function makeSigningKeys(stateDir: string, faults: Faults, log: Logger): SigningKeyStore {
  return new SigningKeyStore(join(stateDir, "signing-keys"), {
    damaged: (reason) => {
      faults.set(
        "signing keys",
        `The stored signing keys cannot be opened (${reason}): save one of them in the console`,
      );
      log.error({ reason }, "the stored signing keys cannot be opened");
    },
    kept: () => faults.clear("signing keys"),
  });
}
