import type { MailboxShape } from "./pop3-shape.ts";

export type SmtpWorkload = {
  name: string;
  /** Body bytes of each message. */
  bytes: number;
  connections: number;
  /** Whether one connection carries message after message. */
  manyPerConnection: boolean;
};

export const smtpWorkloads: readonly SmtpWorkload[] = [
  { name: "2 KB, 10 connections, many each", bytes: 2_000, connections: 10, manyPerConnection: true },
  { name: "2 KB, 100 connections, many each", bytes: 2_000, connections: 100, manyPerConnection: true },
  { name: "2 KB, 10 connections, one each", bytes: 2_000, connections: 10, manyPerConnection: false },
  { name: "50 KB, 10 connections, many each", bytes: 50_000, connections: 10, manyPerConnection: true },
  { name: "1 MB, 10 connections, many each", bytes: 1_000_000, connections: 10, manyPerConnection: true },
];

/** The next server is down. `trial`: messages of a first short run. */
export type QueueWorkload = SmtpWorkload & { trial: number };

export const queueWorkloads: readonly QueueWorkload[] = [
  { name: "queue ingest, 2 KB, 10 connections", bytes: 2_000, connections: 10, manyPerConnection: true, trial: 400 },
  {
    name: "queue ingest, 2 KB, 100 connections",
    bytes: 2_000,
    connections: 100,
    manyPerConnection: true,
    trial: 1_000,
  },
  { name: "queue ingest, 1 MB, 10 connections", bytes: 1_000_000, connections: 10, manyPerConnection: true, trial: 60 },
];

export const drainWorkload: SmtpWorkload = {
  ...{ name: "queue drain, 2 KB", bytes: 2_000, connections: 10, manyPerConnection: true },
};

/** From here on smtp-sink, which reads byte by byte, would be what is measured. */
export const fastSinkBytesMin = 50_000;

/** Every session logs in, fetches and deletes all messages of its mailbox, and quits. */
export type Pop3Workload = MailboxShape & { name: string; clients: number };

export const pop3Workloads: readonly Pop3Workload[] = [
  { name: "POP3, 10 × 2 KB, 10 clients", bytes: 2_000, messages: 10, clients: 10 },
  { name: "POP3, 10 × 2 KB, 100 clients", bytes: 2_000, messages: 10, clients: 100 },
  { name: "POP3, 10 × 50 KB, 10 clients", bytes: 50_000, messages: 10, clients: 10 },
  { name: "POP3, 5 × 1 MB, 10 clients", bytes: 1_000_000, messages: 5, clients: 10 },
];
