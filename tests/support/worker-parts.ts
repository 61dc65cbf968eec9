import { type Logger, pino } from "pino";
import { onTestFinished } from "vitest";
import { SuspendedDestinations } from "#worker/delivery/suspended-destinations.ts";
import { RateWindow } from "#worker/net/rate-window.ts";
import { SourceBans } from "#worker/net/source-bans.ts";
import { FirstSeen } from "#worker/pop3/first-seen.ts";
import { VerdictStore } from "#worker/pop3/verdict-store.ts";
import { FileQuarantine } from "#worker/quarantine/file-quarantine.ts";
import { HoldMemory } from "#worker/scan/hold-memory.ts";
import type { Services } from "#worker/services.ts";
import { KnownRecipients } from "#worker/smtp/known-recipients.ts";
import { RecipientCallouts } from "#worker/smtp/recipient-callouts.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { idMaker } from "#worker/state/message-id.ts";
import { Pop3Servers } from "#worker/upstream/pop3-servers.ts";
import { SmtpPool } from "#worker/upstream/smtp-pool.ts";
import { noBridge } from "./bridged.ts";
import { contentParts } from "./content-parts.ts";
import { EventList } from "./event-list.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export const silentLog: Logger = pino({ level: "silent" });

export type WorkerParts = {
  services: Services;
  recorder: EventList;
  spool: SegmentSpool;
  quarantine: FileQuarantine;
  bans: SourceBans;
  pool: SmtpPool;
  suspended: SuspendedDestinations;
  stateDir: string;
};

/** What every session is given, real in every part, in a folder that goes with the test. */
export async function makeWorkerParts(now: () => number = Date.now): Promise<WorkerParts> {
  const stateDir = temporaryFolder();
  const recorder = new EventList();
  const spool = await SegmentSpool.open({ stateDir, now, damaged: () => undefined });
  const quarantine = await FileQuarantine.open({
    stateDir,
    bytesMax: 1024 * 1024 * 1024,
    now,
    damaged: () => undefined,
  });
  const bans = new SourceBans(now);
  const pool = new SmtpPool({ log: silentLog, now, random: Math.random, ehloName: "postern.test" });
  onTestFinished(() => pool.close());
  const pop3Servers = new Pop3Servers({ log: silentLog, now, random: Math.random });
  onTestFinished(() => pop3Servers.close());
  const newId = idMaker(now);
  const knownRecipients = new KnownRecipients({ stateDir, log: silentLog, now });
  const services: Services = {
    recorder,
    spool,
    quarantine,
    mailboxVerdicts: new VerdictStore({ stateDir, log: silentLog, now }),
    firstSeen: new FirstSeen({ stateDir, log: silentLog, now }),
    smtpPool: pool,
    pop3Servers,
    bridge: noBridge(now),
    bans,
    callouts: new RecipientCallouts(pool, now, knownRecipients),
    knownRecipients,
    rates: { messages: new RateWindow(now), recipients: new RateWindow(now) },
    log: silentLog,
    newId,
    now,
    holdRoom: { folder: stateDir, memory: new HoldMemory() },
    content: contentParts(),
  };
  const suspended = new SuspendedDestinations(stateDir, silentLog);
  return { services, recorder, spool, quarantine, bans, pool, suspended, stateDir };
}
