import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** Bytes that are still held after everything was collected that can be: heap and buffers. */
export function retainedBytes(): number {
  if (typeof collect !== "function") throw new Error("no garbage collector at hand");
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
