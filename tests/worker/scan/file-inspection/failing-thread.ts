import { parentPort } from "node:worker_threads";

/** Does what the file says, as a thread that fails would. */
parentPort?.on("message", (bytes: Uint8Array) => {
  const word = new TextDecoder().decode(bytes.subarray(30, 40));
  if (word.startsWith("throw")) throw new Error("a defect");
  if (word.startsWith("exit")) process.exit(1);
  if (word.startsWith("stall")) for (;;);
  if (word.startsWith("hoard")) for (const kept: unknown[] = []; ; ) kept.push(Array.from({ length: 1_000_000 }));
  if (word.startsWith("wait")) return;
  parentPort?.postMessage({ detectedType: "text/plain", family: "text", traits: [], entries: [], problem: null }, []);
});
