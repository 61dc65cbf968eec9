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
  { name: "2 KB, 100 connections, many each", bytes: 2_000, connections: 100, manyPerConnection: true },
  { name: "2 KB, 10 connections, one each", bytes: 2_000, connections: 10, manyPerConnection: false },
  { name: "50 KB, 10 connections, many each", bytes: 50_000, connections: 10, manyPerConnection: true },
  { name: "1 MB, 10 connections, many each", bytes: 1_000_000, connections: 10, manyPerConnection: true },
];

/** From here on smtp-sink, which reads byte by byte, would be what is measured. */
export const fastSinkBytesMin = 50_000;
