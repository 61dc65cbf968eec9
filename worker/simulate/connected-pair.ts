import { type Duplex, duplexPair } from "node:stream";

/** The two ends of a connection that never leaves the process: what one writes the other reads, and with one the other closes. */
export function connectedPair(): [Duplex, Duplex] {
  const [one, other] = duplexPair({ allowHalfOpen: false });
  one.once("close", () => other.destroy());
  other.once("close", () => one.destroy());
  return [one, other];
}
