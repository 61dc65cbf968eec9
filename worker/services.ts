import type { Logger } from "pino";
import type { Ban } from "#core/contract/ban.ts";
import type { WorkerEvent } from "#core/contract/event.ts";
import type { LiveSession } from "#core/contract/live-session.ts";
import type { CompiledMailPolicy } from "#core/policy/compile.ts";
import type { Bridge } from "./credentials/bridge.ts";
import type { RateWindow } from "./net/rate-window.ts";
import type { FirstSeen } from "./pop3/first-seen.ts";
import type { MailboxMemory, VerdictStore } from "./pop3/verdict-store.ts";
import type { Quarantine } from "./quarantine/quarantine.ts";
import type { HoldRoom } from "./scan/held-bytes.ts";
import type { ContentParts } from "./scan/message-content.ts";
import type { KnownRecipients } from "./smtp/known-recipients.ts";
import type { RecipientCallouts } from "./smtp/recipient-callouts.ts";
import type { Spool } from "./spool/spool.ts";
import type { ServerTls } from "./tls/server-tls.ts";
import type { Pop3Servers } from "./upstream/pop3-servers.ts";
import type { SmtpPool } from "./upstream/smtp-pool.ts";
import type { SmtpLeases } from "./upstream/smtp-transaction.ts";

/** The policy that governs a connection at this moment, and the revision it stands in. */
export type GoverningPolicy = { policy: CompiledMailPolicy; revision: number };

/** Where sessions tell what they did. Calls never block and never throw; what cannot be kept is counted. */
export interface Recorder {
  /** Whether anybody is told what a decision rests on: the rules that did not match, and the facts that all of them were asked about. */
  readonly tellsGrounds: boolean;
  event(event: WorkerEvent): void;
  /** A rule matched: it decided, or it was in state observe. */
  ruleHit(ruleId: string, effect: "enforced" | "observed"): void;
}

/** For how long, why in words, and who says so. */
export type BanRequest = Pick<Ban, "reason" | "by"> & { minutes: number };

/** Sources that are refused for a while. */
export interface Bans {
  ban(address: string, request: BanRequest): void;
}

/** What every session and the delivery may use; made once by worker/main.ts. */
export interface Services {
  recorder: Recorder;
  spool: Spool;
  quarantine: Quarantine;
  /** What was decided about messages in mailboxes, and since when they lie there. */
  mailboxVerdicts: VerdictStore;
  firstSeen: FirstSeen;
  smtpPool: SmtpPool;
  pop3Servers: Pop3Servers;
  bridge: Bridge;
  bans: Bans;
  /** What servers said of recipients, and whom they took over the last months. */
  callouts: RecipientCallouts;
  knownRecipients: KnownRecipients;
  /** What each client address sent in the last minute, over all listeners. */
  rates: { messages: RateWindow; recipients: RateWindow };
  log: Logger;
  /** A new message id: 26 characters, sortable by time. */
  newId(): string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Where messages wait for their verdict; its folder is emptied at start. */
  holdRoom: HoldRoom;
  /** What messages are looked into with. */
  content: ContentParts;
}

/** What a session uses of them; a simulation gives it others, without effect. */
export interface SessionServices
  extends Omit<
    Services,
    "smtpPool" | "callouts" | "rates" | "knownRecipients" | "pop3Servers" | "bridge" | "mailboxVerdicts" | "firstSeen"
  > {
  smtpPool: SmtpLeases & Pick<SmtpPool, "capabilities">;
  callouts: Pick<RecipientCallouts, "ask" | "learn">;
  rates: Record<"messages" | "recipients", Pick<RateWindow, "take">>;
  pop3Servers: Pick<Pop3Servers, "connect" | "lastCapabilities">;
  bridge: Pick<Bridge, "find">;
  mailboxVerdicts: MailboxMemory;
  firstSeen: Pick<FirstSeen, "since">;
}

/** What a session is given when net/listeners has accepted its connection. */
export interface Admission {
  services: SessionServices;
  client: { address: string; port: number };
  /** Where it had connected, as policies name it. */
  listener: { address: string; port: number };
  governing: GoverningPolicy;
  /** TLS of the listener; absent or null: clear text. */
  tls?: ServerTls | null;
  /** The policy in force now for this connection, or null when none is: asked again at each MAIL and each RETR. */
  resolve(): GoverningPolicy | null;
  /**
   * The client is somebody else, as a proxy tells that is believed: what governs that address from now on, or null where it is refused.
   * `resolve` answers for it from then on. Absent: every address is treated alike.
   */
  readmit?(address: string): GoverningPolicy | null;
  /** Called exactly once, when the session's client socket is closed. */
  onEnd(): void;
}

/** A running session. `drain` asks it to end after what it is doing (421 / -ERR); `destroy` ends it at once. */
export interface Session {
  /** Of its record; sorts by when it began. */
  readonly id: string;
  drain(): void;
  destroy(): void;
  /** A person ends it: it does not begin anything more, and the client hears why unless an answer is on its way. */
  kill(): void;
  /** What it is doing now. */
  live(): LiveSession;
}
