export type Workload = {
  name: string;
  /** Body bytes of each message. */
  bytes: number;
  connections: number;
  /** Whether one connection carries message after message. */
  manyPerConnection: boolean;
};

export const workloads: readonly Workload[] = [
  { name: "2 KB, 10 connections, many each", bytes: 2_000, connections: 10, manyPerConnection: true },
  { name: "2 KB, 10 connections, one each", bytes: 2_000, connections: 10, manyPerConnection: false },
  { name: "50 KB, 10 connections, many each", bytes: 50_000, connections: 10, manyPerConnection: true },
  { name: "1 MB, 10 connections, many each", bytes: 1_000_000, connections: 10, manyPerConnection: true },
  { name: "2 KB, 1 connection (latency)", bytes: 2_000, connections: 1, manyPerConnection: true },
];
