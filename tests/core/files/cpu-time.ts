/** What the action takes of the processor: what others do on the machine meanwhile does not count. Milliseconds. */
export function cpuMilliseconds(action: () => void): number {
  const before = process.cpuUsage();
  action();
  return process.cpuUsage(before).user / 1_000;
}
