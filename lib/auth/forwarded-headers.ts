import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { IncomingMessage } from "node:http";

const channel = "http.server.request.start";

/** What a reverse proxy says about the browser's request; anybody else can write it too. */
const forwardedHeaders = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto"];

/**
 * Takes the forwarded headers off every request that this process serves, before Next sees it: Next then writes the connection's
 * own address into X-Forwarded-For, which it would not do over a header that is there. Call the result to end it.
 */
export function ignoreForwardedHeaders(): () => void {
  subscribe(channel, removeThem);
  return () => void unsubscribe(channel, removeThem);
}

function removeThem(message: unknown): void {
  if (typeof message !== "object" || message === null || !("request" in message)) return;
  if (!(message.request instanceof IncomingMessage)) return;
  for (const name of forwardedHeaders) delete message.request.headers[name];
}
