import { readdirSync, readFileSync } from "node:fs";

const clockTicksPerSecond = 100;

/** A process and everything below it. */
function treeOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const fields = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    if (fields !== null) children.set(Number(fields[1]), [...(children.get(Number(fields[1])) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (const each of tree) tree.push(...(children.get(each) ?? []));
  return tree;
}

/** The fields of /proc/<pid>/stat after the name: state, parent and so on; null: it is gone. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** Processor seconds that the tree has used, user and system, with those of its members that have ended. */
export function treeSeconds(pid: number): number {
  const ticks = treeOf(pid).flatMap((each) => (statOf(each) ?? []).slice(11, 15).map(Number));
  return ticks.reduce((sum, each) => sum + each, 0) / clockTicksPerSecond;
}

/** Proportional set size of the tree in KiB. */
export function treeMemoryKiB(pid: number): number {
  return treeOf(pid).reduce((sum, each) => sum + memoryKiB(each), 0);
}

function memoryKiB(pid: number): number {
  try {
    const [, size] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
    return Number(size);
  } catch {
    return 0;
  }
}
