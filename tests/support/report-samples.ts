import type { ConnectionEvent, MessageEvent } from "#core/contract/event.ts";
import type { QuarantineEntry } from "#core/contract/quarantine.ts";
import type { QueueEntry } from "#core/contract/queue.ts";
import { type Report, reportSchema } from "#core/contract/report.ts";

/** A refused message at 10:00:30 UTC on 5 January 2026. */
export function messageEvent(over: Partial<MessageEvent> = {}): MessageEvent {
  return {
    kind: "message",
    id: "01JGTESTMESSAGE0000000000A",
    at: "2026-01-05T10:00:30.000Z",
    protocol: "smtp",
    direction: "incoming",
    interface: "External",
    policy: "In",
    proxyAction: "Mail in",
    durationMs: 12,
    client: { address: "192.0.2.7", port: 40_000 },
    helo: "client.example",
    user: null,
    sender: "a@example.org",
    recipients: [{ address: "b@example.test", reply: "250 2.1.5 Ok" }],
    from: "A <a@example.org>",
    subject: "Invoice",
    messageIdHeader: "<1@example.org>",
    bytes: 1000,
    attachments: [{ fileName: "invoice.exe", contentType: "application/octet-stream" }],
    decision: {
      verdict: "deny",
      stage: "attachment",
      ruleId: "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d001",
      ruleName: "executables",
      revision: 1,
      evidence: [{ fact: "fileName", test: "in list executables", observed: "invoice.exe" }],
      observed: [],
      trace: [],
      traceOmitted: 0,
    },
    outcome: "refused",
    reply: "550 5.7.1 Message refused by policy",
    upstreamReply: null,
    upstream: null,
    cause: null,
    ...over,
  };
}

/** A POP3 session of alice that ended with QUIT at 10:01 UTC on 5 January 2026. */
export function connectionEvent(over: Partial<ConnectionEvent> = {}): ConnectionEvent {
  return {
    kind: "connection",
    id: "01JGTESTSESSION0000000000A",
    at: "2026-01-05T10:01:00.000Z",
    protocol: "pop3",
    direction: "outgoing",
    interface: "Trusted",
    policy: "Fetch",
    proxyAction: "Mail fetch",
    durationMs: 1_500,
    client: { address: "192.0.2.7", port: 40_001 },
    helo: null,
    user: "alice",
    authMechanism: "USER",
    tls: { client: "TLSv1.3 TLS_AES_256_GCM_SHA384", upstream: null },
    upstream: "mail.example.net:110",
    bytesIn: 60,
    bytesOut: 5_000,
    end: "quit",
    cause: null,
    verdicts: [{ verdict: "allow", messages: 2 }],
    messageIds: ["FIRST", "SECOND"],
    mailbox: {
      messages: 3,
      bytes: 7_000,
      retrieved: 2,
      retrievedBytes: 4_500,
      looked: 1,
      replaced: 0,
      changed: 0,
      deleted: 1,
      kept: 0,
      committed: true,
    },
    trace: [
      { atMs: 2, command: "USER alice", reply: "+OK" },
      { atMs: 4, command: "PASS …", reply: "+OK logged in" },
    ],
    untraced: 0,
    ...over,
  };
}

export function queueEntry(over: Partial<QueueEntry> = {}): QueueEntry {
  return {
    id: "01JGTESTQUEUED00000000000A",
    receivedAt: "2026-01-05T10:00:00.000Z",
    interface: "External",
    policy: "In",
    route: "inside",
    revision: 1,
    sender: "a@example.org",
    recipients: ["b@example.test"],
    subject: "Waiting",
    bytes: 2000,
    state: "deferred",
    attempts: 1,
    lastReply: "connection refused",
    lastAttemptAt: "2026-01-05T10:00:00.000Z",
    nextAttemptAt: "2026-01-05T10:01:00.000Z",
    destination: "inside",
    cause: "unreachable",
    ...over,
  };
}

export function quarantineEntry(over: Partial<QuarantineEntry> = {}): QuarantineEntry {
  return {
    id: "01JGTESTKEPT000000000000A",
    messageId: over.id ?? "01JGTESTKEPT000000000000A",
    kind: "message",
    cause: "spam",
    malware: [],
    ruleId: "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d001",
    ruleName: "junk",
    revision: 1,
    protocol: "smtp",
    direction: "incoming",
    interface: "External",
    policy: "In",
    route: "inside",
    clientAddress: "192.0.2.7",
    sender: "a@example.org",
    recipients: ["b@example.test"],
    user: null,
    from: "A <a@example.org>",
    subject: "Kept",
    fileName: null,
    contentType: null,
    bytes: 2000,
    sha256: "cd".repeat(32),
    keptAt: "2026-01-05T10:00:00.000Z",
    expiresAt: "2026-01-19T10:00:00.000Z",
    state: "held",
    releasedTo: [],
    ...over,
  };
}

/** A heartbeat of worker "local", and what `over` adds to it. */
export function report(sequence: number, over: Partial<Report> = {}): Report {
  return reportSchema.parse({
    workerId: "local",
    sequence,
    at: "2026-01-05T10:00:31.000Z",
    status: {
      version: "0.1.0",
      startedAt: "2026-01-05T09:00:00.000Z",
      revision: 0,
      digest: null,
      listeners: [],
      routes: [],
      certificates: [],
      credentials: [],
      queue: { depth: 0, bytes: 0, oldestAt: null },
      bans: [],
      banCount: 0,
      faults: [],
    },
    events: [],
    counters: [],
    queue: { reset: false, upserts: [], removals: [] },
    eventsDropped: 0,
    ...over,
  });
}
