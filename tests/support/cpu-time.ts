/** What this process computed while the work ran, in milliseconds: unlike the clock it does not count what others of the machine do. */
export async function cpuTimeMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
